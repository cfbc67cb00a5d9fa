import { createHash } from "node:crypto";
import type { Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { Photo } from "../models/photo.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";

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

/** Stores a photo once under its hash: bytes first, row second. */
export async function keepPhoto(
  deps: { records: Records; storage: Storage },
  photo: DecodedPhoto,
  transaction: Transaction,
): Promise<Photo> {
  const { records, storage } = deps;
  const { path, extension, ...facts } = photo;
  await lockPhoto(records, photo.sha256, transaction);
  const key = `input/${photo.sha256.slice(0, 2)}/${photo.sha256}.${extension}`;
  await storage.publish(key, path);
  const [row] = await records.Photo.findOrCreate({
    where: { sha256: photo.sha256 },
    defaults: { id: newId(), key, ...facts },
    transaction,
  });
  return row;
}
