import { randomBytes } from "node:crypto";
import { literal, Op, type WhereOptions } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import {
  type CreateGalleryShare,
  type CreateShare,
  SHARE_LIMITS,
  type ShareQuery,
  type UpdateShare,
} from "../contract/share.ts";
import { AppError } from "../errors.ts";
import { inSeconds } from "../models/generation-state.ts";
import type { Records } from "../models/records.ts";
import type { Share } from "../models/share.ts";
import type { Caller } from "../policies/caller.ts";
import { permitted } from "../policies/records.ts";
import { audit, type MemberActor } from "./audit.ts";
import { findModel } from "./models.ts";
import { listNewest } from "./paging.ts";

const LIMIT_LOCK = 7_310_309_204;
const DAY_SECONDS = 86_400;

/** 128 random bits, safe in a URL: 22 characters. */
const newToken = () => randomBytes(16).toString("base64url");

const expiryOf = (days: number | null) => (days === null ? null : (inSeconds(days * DAY_SECONDS) as never));

type Target = Pick<Share, "userId" | "title"> & Partial<Pick<Share, "modelId" | "tag" | "modelIds">>;

/**
 * A link to one model; it is its owner's, also where an administrator makes it. Throws what `findModel` throws,
 * `not-found` for a model in the trash, and `share-limit`.
 */
export async function shareModel(
  records: Records,
  by: MemberActor,
  modelId: string,
  fields: z.output<typeof CreateShare>,
): Promise<Share> {
  const { userId, deletedAt } = await findModel(records, by.caller, modelId, "manage");
  if (deletedAt) throw new AppError("not-found");
  return create(records, by, { userId, title: null, modelId }, fields);
}

/** A link to a gallery of one's own models. Throws what `findModel` throws for each that isn't, and `share-limit`. */
export async function shareGallery(
  records: Records,
  by: MemberActor,
  { title, tag, modelIds, ...fields }: z.output<typeof CreateGalleryShare>,
): Promise<Share> {
  if (modelIds) await checkOwn(records, by.caller, modelIds);
  return create(records, by, { userId: by.caller.userId, title, tag, modelIds }, fields);
}

async function checkOwn({ Model3d }: Records, caller: Caller, ids: string[]): Promise<void> {
  const models = await Model3d.findAll({ where: { id: ids, deletedAt: null } });
  const known = new Map(models.map((model) => [model.id, model]));
  for (const id of ids) permitted("own", caller, known.get(id) ?? null);
}

async function create(
  records: Records,
  by: MemberActor,
  target: Target,
  { expiresInDays, embedSites }: z.output<typeof CreateShare>,
): Promise<Share> {
  const id = newId();
  const { userId, modelId } = target;
  await records.sequelize.transaction(async (transaction) => {
    await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [LIMIT_LOCK], transaction });
    const standing = { userId, revokedAt: null };
    const count = (where: WhereOptions) => records.Share.count({ where, transaction });
    const ofModel = modelId ? await count({ ...standing, modelId }) : 0;
    if (ofModel >= SHARE_LIMITS.ofModel || (await count(standing)) >= SHARE_LIMITS.ofUser)
      throw new AppError("share-limit");
    const expiresAt = expiryOf(expiresInDays);
    const fields = { id, token: newToken(), ...target, embedSites, expiresAt };
    await records.Share.create(fields, { transaction });
    const details = { modelId: modelId ?? null, tag: target.tag ?? null, expiresInDays };
    await audit(records, { action: "share.created", subjectId: id, details, by }, transaction);
  });
  return findShare(records, by.caller, id);
}

/** A link of the caller's, or any for administrators. Throws `not-found`, also for a revoked one. */
export async function findShare(records: Records, caller: Caller, id: string): Promise<Share> {
  return permitted("manage", caller, await records.Share.findOne({ where: { id, revokedAt: null } }));
}

/** The caller's links that aren't revoked, the newest first. */
export async function listShares(records: Records, caller: Caller, query: z.output<typeof ShareQuery>) {
  return listNewest(records.Share, query, { where: { userId: caller.userId, revokedAt: null } });
}

/** The links to a model itself that aren't revoked, the newest first. Throws what `findModel` throws. */
export async function listModelShares(
  records: Records,
  caller: Caller,
  modelId: string,
  query: z.output<typeof ShareQuery>,
) {
  const { userId } = await findModel(records, caller, modelId, "manage");
  return listNewest(records.Share, query, { where: { userId, modelId, revokedAt: null } });
}

/** Changes what is given; days count from now, so that an expired link works again. Throws `not-found`. */
export async function updateShare(
  records: Records,
  by: MemberActor,
  id: string,
  { expiresInDays, ...fields }: z.output<typeof UpdateShare>,
): Promise<Share> {
  await findShare(records, by.caller, id);
  const expiry = expiresInDays === undefined ? {} : { expiresAt: expiryOf(expiresInDays) };
  await records.sequelize.transaction(async (transaction) => {
    await records.Share.update({ ...fields, ...expiry }, { where: { id, revokedAt: null }, transaction });
    const details = { ...fields, ...(expiresInDays !== undefined && { expiresInDays }) };
    await audit(records, { action: "share.changed", subjectId: id, details, by }, transaction);
  });
  return findShare(records, by.caller, id);
}

/** Revokes one link for ever; works at once on all servers. Throws `not-found`. */
export async function revokeShare(records: Records, by: MemberActor, id: string): Promise<void> {
  await findShare(records, by.caller, id);
  await revoke(records, by, { id });
}

/** Revokes every link to a model itself; galleries that show it stay. Throws what `findModel` throws. */
export async function revokeModelShares(records: Records, by: MemberActor, modelId: string): Promise<void> {
  const { userId } = await findModel(records, by.caller, modelId, "manage");
  await revoke(records, by, { modelId, userId });
}

async function revoke(
  records: Records,
  by: MemberActor,
  where: { id: string } | { modelId: string; userId: string },
): Promise<void> {
  await records.sequelize.transaction(async (transaction) => {
    const [, revoked] = await records.Share.update(
      { revokedAt: literal("now()") as never },
      { where: { ...where, revokedAt: null }, returning: true, transaction },
    );
    for (const { id, modelId } of revoked) {
      const details = { modelId };
      await audit(records, { action: "share.revoked", subjectId: id, details, by }, transaction);
    }
  });
}

/** Deletes rows of links that were revoked long ago: they answer like unknown ones anyway. */
export async function removeRevokedShares({ Share }: Records, days = 30): Promise<number> {
  const longAgo = literal(`now() - interval '${Number(days)} days'`);
  return Share.destroy({ where: { revokedAt: { [Op.lt]: longAgo } } });
}
