import { createHash } from "node:crypto";
import type { Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import { AppError } from "../errors.ts";
import type { Photo } from "../models/photo.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { isFrozenNow } from "./system/frozen.ts";

/** A photo that was decoded and re-encoded, still in a workspace. */
export interface DecodedPhoto {
  path: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  mediaType: string;
  extension: string;
}

/** Holds, until the transaction ends, whoever else wants to store or sweep the same photo. */
export async function lockPhoto(records: Records, sha256: string, transaction: Transaction): Promise<void> {
  const key = createHash("sha256").update(`photo ${sha256}`).digest().readBigInt64BE().toString();
  await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [key], transaction });
}

const keyOf = ({ sha256, extension }: Pick<DecodedPhoto, "sha256" | "extension">) =>
  `input/${sha256.slice(0, 2)}/${sha256}.${extension}`;

/** Stores the bytes under their hash, before any transaction: into a bucket that may take longer than one may last. */
export const storePhoto = (storage: Storage, photo: DecodedPhoto): Promise<void> =>
  storage.publish(keyOf(photo), photo.path);

/**
 * The row of a photo whose bytes were just stored.
 * @throws AppError `storage-unavailable` where somebody has removed them since, as nothing named them yet
 */
export async function keepPhoto(
  deps: { records: Records; storage: Storage },
  photo: DecodedPhoto,
  transaction: Transaction,
): Promise<Photo> {
  const { records, storage } = deps;
  const { path: _stored, extension: _known, ...facts } = photo;
  const key = keyOf(photo);
  await lockPhoto(records, photo.sha256, transaction);
  if (!(await storage.stat(key))) throw new AppError("storage-unavailable");
  const [row] = await records.Photo.findOrCreate({
    where: { sha256: photo.sha256 },
    defaults: { id: newId(), key, ...facts },
    transaction,
  });
  return row;
}

/** Removes the bytes of a photo that came to nothing, unless a row names them, maybe another user's. */
export const dropPhoto = (
  { records, storage }: { records: Records; storage: Storage },
  photo: DecodedPhoto,
): Promise<void> =>
  records.sequelize.transaction(async (transaction) => {
    await lockPhoto(records, photo.sha256, transaction);
    if (await records.Photo.count({ where: { sha256: photo.sha256 }, transaction })) return;
    if (await isFrozenNow(records, transaction)) return;
    await storage.remove(keyOf(photo));
  });
