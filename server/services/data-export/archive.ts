import { createHash } from "node:crypto";
import path from "node:path";
import type { Readable } from "node:stream";
import { makeZip } from "client-zip";
import { literal } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { Storage } from "../../storage/storage.ts";
import { batchesOf, dataPartsOf, jsonOf } from "./data-parts.ts";

interface Deps {
  records: Records;
  storage: Storage;
  version: string;
}

interface Listed {
  path: string;
  bytes: number;
  sha256: string;
}

interface Entry {
  name: string;
  lastModified: Date;
  input: AsyncIterable<Uint8Array>;
}

/** Measures bytes in passing; `done` hears of them when the last one has passed. */
async function* measured(bytes: AsyncIterable<Uint8Array>, done: (facts: Omit<Listed, "path">) => void) {
  const hash = createHash("sha256");
  let count = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    count += chunk.length;
    yield chunk;
  }
  done({ bytes: count, sha256: hash.digest("hex") });
}

/** Everything of a user, one entry after the other: the next is only opened when the receiver has taken the last. */
async function* entriesOf({ records, storage, version }: Deps, userId: string): AsyncGenerator<Entry> {
  const files: Listed[] = [];
  const missing: string[] = [];
  const listed = (name: string, bytes: AsyncIterable<Uint8Array>, lastModified: Date): Entry => ({
    name,
    lastModified,
    input: measured(bytes, (facts) => files.push({ path: name, ...facts })),
  });
  const startedAt = new Date();
  for (const part of dataPartsOf(records, userId)) yield listed(`${part.name}.json`, jsonOf(part), startedAt);
  for await (const { name, key, modifiedAt } of storedFilesOf(records, userId)) {
    const content = await readIfThere(storage, key);
    if (!content) missing.push(name);
    else {
      try {
        yield listed(name, content, modifiedAt);
      } finally {
        content.destroy();
      }
    }
  }
  const manifest = { product: "photo-to-3d", version, userId, createdAt: startedAt, files, missing };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  yield { name: "manifest.json", lastModified: startedAt, input: one(text) };
}

async function* one(bytes: Uint8Array) {
  yield bytes;
}

async function* storedFilesOf({ Photo, ModelFile, sequelize }: Records, userId: string) {
  const user = sequelize.escape(userId);
  const given = literal(`"Photo"."id" IN (SELECT photo_id FROM generation_tasks WHERE user_id = ${user}
    UNION SELECT photo_id FROM models_3d WHERE user_id = ${user})`);
  for await (const photos of batchesOf(Photo, { where: given as never }))
    for (const { key, sha256, createdAt } of photos)
      yield { key, name: `photos/${sha256}${path.extname(key)}`, modifiedAt: createdAt };
  const made = literal(`"ModelFile"."model_id" IN (SELECT id FROM models_3d WHERE user_id = ${user})`);
  for await (const modelFiles of batchesOf(ModelFile, { where: made as never }))
    for (const { key, modelId, kind, createdAt } of modelFiles)
      yield { key, name: `models/${modelId}/${kind}${path.extname(key)}`, modifiedAt: createdAt };
}

/** Null where it went since its row was read. */
const readIfThere = (storage: Storage, key: string): Promise<Readable | null> =>
  storage.read(key).catch((error) => {
    if (error instanceof AppError && error.code === "file-missing") return null;
    throw error;
  });

/**
 * A ZIP archive of all that is kept about a user: rows as JSON, photos, models in every format that was made, and
 * `manifest.json` with size and SHA-256 of each. It is made as it is read, with one chunk in memory, and may be larger
 * than 4 GiB (Zip64).
 */
export const exportUserData = (deps: Deps, userId: string): ReadableStream<Uint8Array> =>
  makeZip(entriesOf(deps, userId), { buffersAreUTF8: true });
