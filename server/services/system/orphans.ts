import { Op } from "sequelize";
import type { OrphanReport } from "../../contract/system.ts";
import type { Records } from "../../models/records.ts";
import type { Storage } from "../../storage/storage.ts";
import { findOrphans, removeOrphans } from "../housekeeping.ts";
import { ownsStore } from "../store-owner.ts";

interface Deps {
  records: Records;
  storage: Storage;
  logger: Parameters<typeof removeOrphans>[0]["logger"];
}

const SAMPLE = 20;
const BATCH = 500;

type Missing = OrphanReport["rows"]["sample"][number];

/** Every record of a file, by batches in the order of their ids. */
async function* namedFiles({ Photo, ModelFile }: Records): AsyncGenerator<Missing[]> {
  for (let after: string | null = null; ; ) {
    const photos: InstanceType<typeof Photo>[] = await Photo.findAll({
      where: after === null ? {} : { id: { [Op.gt]: after } },
      order: ["id"],
      limit: BATCH,
    });
    if (photos.length === 0) break;
    after = photos[photos.length - 1].id;
    yield photos.map(({ key }) => ({ kind: "photo", key, modelId: null }));
  }
  for (let after: string | null = null; ; ) {
    const files: InstanceType<typeof ModelFile>[] = await ModelFile.findAll({
      where: after === null ? {} : { id: { [Op.gt]: after } },
      order: ["id"],
      limit: BATCH,
    });
    if (files.length === 0) break;
    after = files[files.length - 1].id;
    yield files.map(({ kind, key, modelId }) => ({ kind, key, modelId }));
  }
}

/** Whether a record still names this key: it may have been deleted, with its file, since it was read. */
const isStillNamed = async ({ Photo, ModelFile }: Records, { key, kind }: Missing) =>
  (kind === "photo" ? await Photo.count({ where: { key } }) : await ModelFile.count({ where: { key } })) > 0;

async function findMissing({
  records,
  storage,
}: Pick<Deps, "records" | "storage">): Promise<OrphanReport["rows"]> {
  const found = { count: 0, sample: [] as Missing[] };
  for await (const batch of namedFiles(records)) {
    for (const row of batch) {
      if ((await storage.stat(row.key)) || !(await isStillNamed(records, row))) continue;
      found.count += 1;
      if (found.sample.length < SAMPLE) found.sample.push(row);
    }
  }
  return found;
}

/**
 * Looks both ways: files of the store that no record names, and records whose file is gone. Files are removed only
 * with `remove`, under the rules of the daily clearing up; records stay, for they tell what was lost.
 */
export async function sweepOrphans(deps: Deps, remove: boolean): Promise<OrphanReport> {
  const files = { count: 0, bytes: 0, sample: [] as string[] };
  const isOwnStore = await ownsStore(deps);
  if (isOwnStore) {
    for await (const { key, bytes } of findOrphans(deps)) {
      files.count += 1;
      files.bytes += bytes;
      if (files.sample.length < SAMPLE) files.sample.push(key);
    }
  }
  return {
    at: new Date().toISOString(),
    isOwnStore,
    files,
    removed: remove && isOwnStore ? await removeOrphans(deps) : 0,
    rows: await findMissing(deps),
  };
}
