import { Op, type WhereOptions } from "sequelize";
import { SHARE_LIMITS } from "../contract/share.ts";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Share } from "../models/share.ts";

const TOKEN = /^[\w-]{22}$/;
const WITH_FILES = [{ association: "files", separate: true }];

/** The link behind a token, an expired one too. Throws `share-not-found` alike for unknown and revoked ones. */
export async function findByToken({ Share }: Records, token: string): Promise<Share> {
  const share = TOKEN.test(token) ? await Share.findOne({ where: { token, revokedAt: null } }) : null;
  if (!share) throw new AppError("share-not-found");
  return share;
}

/** Throws `share-expired`. */
export function checkNotExpired({ isExpired }: Share): void {
  if (isExpired) throw new AppError("share-expired");
}

/** Counts one opening of the page. */
export async function countOpening({ Share }: Records, { id }: Share): Promise<void> {
  await Share.increment("opens", { where: { id } });
}

/** What the link shows: always the owner's own, never anything in the trash. */
function shownBy({ userId, modelId, tag, modelIds }: Share): WhereOptions {
  const standing = { userId, deletedAt: null };
  if (modelId) return { ...standing, id: modelId };
  return modelIds
    ? { ...standing, id: modelIds }
    : { ...standing, status: "active", tags: { [Op.contains]: [tag!] } };
}

/** The models of a link with their files, the newest first or in the chosen order. Throws `share-model-removed`. */
export async function sharedModels({ Model3d }: Records, share: Share): Promise<Model3d[]> {
  const models = await Model3d.findAll({
    where: shownBy(share),
    include: WITH_FILES,
    order: [
      ["createdAt", "DESC"],
      ["id", "DESC"],
    ],
    limit: SHARE_LIMITS.models,
  });
  if (share.modelId && models.length === 0) throw new AppError("share-model-removed");
  const order = share.modelIds;
  return order ? models.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id)) : models;
}

/**
 * One model of a link with its files; `modelId` only for galleries.
 * @throws AppError `share-model-removed`, `not-found` for a model that the gallery doesn't show
 */
export async function sharedModel(
  { Model3d }: Records,
  share: Share,
  modelId: string | null,
): Promise<Model3d> {
  if ((share.modelId === null) !== (modelId !== null)) throw new AppError("not-found");
  const where = modelId ? { [Op.and]: [shownBy(share), { id: modelId }] } : shownBy(share);
  const model = await Model3d.findOne({ where, include: WITH_FILES });
  if (!model) throw new AppError(modelId ? "not-found" : "share-model-removed");
  return model;
}
