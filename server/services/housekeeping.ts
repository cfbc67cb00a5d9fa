import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Storage, StoredObject } from "../storage/storage.ts";
import { lockPhoto } from "./photos.ts";
import { originalKey } from "./publish-model.ts";
import { ownsStore } from "./store-owner.ts";
import { isFrozenNow } from "./system/frozen.ts";

const DAY_MS = 86_400_000;
const BATCH = 500;

interface Deps {
  records: Records;
  storage: Storage;
  logger: Logger;
}

async function* batches(objects: AsyncIterable<StoredObject>): AsyncGenerator<StoredObject[]> {
  let batch: StoredObject[] = [];
  for await (const object of objects) {
    batch.push(object);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const isOld = ({ modifiedAt }: StoredObject, ageMs: number) => Date.now() - modifiedAt.getTime() > ageMs;

async function* oldOnes(objects: AsyncIterable<StoredObject>, minimumAgeMs: number) {
  for await (const object of objects) {
    if (isOld(object, minimumAgeMs)) yield object;
  }
}

/** What is kept for a generation that still stands, though no file of a model names it. */
async function isKeptForGeneration({ Generation }: Records, key: string): Promise<boolean> {
  const modelId = key.split("/")[1];
  const whileOpen = key === originalKey(modelId) ? {} : { finishedAt: null };
  return (await Generation.count({ where: { reservedModelId: modelId, ...whileOpen } })) > 0;
}

/** Stored bytes that no record has named for so long: remains of work that was cut off, and deleted photos. */
export async function* findOrphans(
  { records, storage }: Pick<Deps, "records" | "storage">,
  minimumAgeMs = DAY_MS,
): AsyncGenerator<StoredObject> {
  for await (const batch of batches(oldOnes(storage.list("input/"), minimumAgeMs))) {
    const keys = batch.map(({ key }) => key);
    const named = new Set((await records.Photo.findAll({ where: { key: keys } })).map(({ key }) => key));
    yield* batch.filter(({ key }) => !named.has(key));
  }
  for await (const batch of batches(oldOnes(storage.list("models/"), minimumAgeMs))) {
    const keys = batch.map(({ key }) => key);
    const named = new Set((await records.ModelFile.findAll({ where: { key: keys } })).map(({ key }) => key));
    for (const object of batch) {
      if (!named.has(object.key) && !(await isKeptForGeneration(records, object.key))) yield object;
    }
  }
}

/**
 * Removes them, each after another look. What a provider gave for a generation that still stands is never removed,
 * and nothing at all from a store that another database uses too.
 */
export async function removeOrphans(deps: Deps, minimumAgeMs = DAY_MS): Promise<number> {
  if (!(await ownsStore(deps))) {
    deps.logger.warn("The store holds files of another database, so nothing in it is swept");
    return 0;
  }
  let removed = 0;
  for await (const { key } of findOrphans(deps, minimumAgeMs)) {
    if (await isFrozenNow(deps.records)) break;
    removed += key.startsWith("input/")
      ? await removePhoto(deps, key, minimumAgeMs)
      : await removeModelFile(deps, key);
  }
  if (removed > 0) deps.logger.info("Removed files that nothing names any more", { files: removed });
  return removed;
}

/** Not where it was stored anew since it was found: its row may be about to come. */
const removePhoto = ({ records, storage }: Deps, key: string, minimumAgeMs: number): Promise<number> =>
  records.sequelize.transaction(async (transaction) => {
    await lockPhoto(records, key.replace(/^.*\/|\..*$/g, ""), transaction);
    if (await records.Photo.count({ where: { key }, transaction })) return 0;
    const found = await storage.stat(key);
    if (!found || !isOld(found, minimumAgeMs)) return 0;
    await storage.remove(key);
    return 1;
  });

async function removeModelFile({ records, storage }: Deps, key: string): Promise<number> {
  if (await records.ModelFile.count({ where: { key } })) return 0;
  if (await isKeptForGeneration(records, key)) return 0;
  await storage.remove(key);
  return 1;
}
