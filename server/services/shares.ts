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
import { listNewest } from "./paging.ts";

const LIMIT_LOCK = 7_310_309_204;
const DAY_SECONDS = 86_400;

/** 128 random bits, safe in a URL: 22 characters. */
const newToken = () => randomBytes(16).toString("base64url");

const expiryOf = (days: number | null) => (days === null ? null : (inSeconds(days * DAY_SECONDS) as never));

type Target = Pick<Share, "title"> & Partial<Pick<Share, "modelId" | "tag" | "modelIds">>;

/** A link to one model. Throws `not-found` for a model that is another user's or in the trash, and `share-limit`. */
export async function shareModel(
  records: Records,
  userId: string,
  modelId: string,
  fields: z.output<typeof CreateShare>,
): Promise<Share> {
  await checkOwn(records, userId, [modelId]);
  return create(records, userId, { title: null, modelId }, fields);
}

/** A link to a gallery. Throws `not-found` where one of the models isn't the user's, and `share-limit`. */
export async function shareGallery(
  records: Records,
  userId: string,
  { title, tag, modelIds, ...fields }: z.output<typeof CreateGalleryShare>,
): Promise<Share> {
  if (modelIds) await checkOwn(records, userId, modelIds);
  return create(records, userId, { title, tag, modelIds }, fields);
}

async function checkOwn({ Model3d }: Records, userId: string, ids: string[]): Promise<void> {
  const count = await Model3d.count({ where: { id: ids, userId, deletedAt: null } });
  if (count !== ids.length) throw new AppError("not-found");
}

async function create(
  records: Records,
  userId: string,
  target: Target,
  { expiresInDays, embedSites }: z.output<typeof CreateShare>,
): Promise<Share> {
  const id = newId();
  const { modelId } = target;
  await records.sequelize.transaction(async (transaction) => {
    await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [LIMIT_LOCK], transaction });
    const standing = { userId, revokedAt: null };
    const count = (where: WhereOptions) => records.Share.count({ where, transaction });
    const ofModel = modelId ? await count({ ...standing, modelId }) : 0;
    if (ofModel >= SHARE_LIMITS.ofModel || (await count(standing)) >= SHARE_LIMITS.ofUser)
      throw new AppError("share-limit");
    const expiresAt = expiryOf(expiresInDays);
    const fields = { id, userId, token: newToken(), ...target, embedSites, expiresAt };
    await records.Share.create(fields, { transaction });
  });
  return findShare(records, userId, id);
}

/** Throws `not-found`, also for another user's and for a revoked one. */
export async function findShare(records: Records, userId: string, id: string): Promise<Share> {
  const share = await records.Share.findOne({ where: { id, userId, revokedAt: null } });
  if (!share) throw new AppError("not-found");
  return share;
}

/** The user's links that aren't revoked, the newest first; with `modelId` only those to that model itself. */
export async function listShares(
  records: Records,
  userId: string,
  query: z.output<typeof ShareQuery>,
  modelId?: string,
) {
  const where = { userId, revokedAt: null, ...(modelId && { modelId }) };
  return listNewest(records.Share, query, { where });
}

/** Changes what is given; days count from now, so that an expired link works again. Throws `not-found`. */
export async function updateShare(
  records: Records,
  userId: string,
  id: string,
  { expiresInDays, ...fields }: z.output<typeof UpdateShare>,
): Promise<Share> {
  const expiry = expiresInDays === undefined ? {} : { expiresAt: expiryOf(expiresInDays) };
  await records.Share.update({ ...fields, ...expiry }, { where: { id, userId, revokedAt: null } });
  return findShare(records, userId, id);
}

/** Revokes one link for ever; works at once on all servers. Throws `not-found`. */
export async function revokeShare(records: Records, userId: string, id: string): Promise<void> {
  if ((await revoke(records, { id, userId })) === 0) throw new AppError("not-found");
}

/** Revokes every link to a model itself; galleries that show it stay. */
export async function revokeModelShares(records: Records, userId: string, modelId: string): Promise<void> {
  await revoke(records, { modelId, userId });
}

async function revoke({ Share }: Records, where: { userId: string; id?: string; modelId?: string }) {
  const [count] = await Share.update(
    { revokedAt: literal("now()") as never },
    { where: { ...where, revokedAt: null } },
  );
  return count;
}

/** Deletes rows of links that were revoked long ago: they answer like unknown ones anyway. */
export async function removeRevokedShares({ Share }: Records, days = 30): Promise<number> {
  const longAgo = literal(`now() - interval '${Number(days)} days'`);
  return Share.destroy({ where: { revokedAt: { [Op.lt]: longAgo } } });
}
