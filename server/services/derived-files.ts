import { v7 as newId } from "uuid";
import type { Exporter } from "../assets/export/exporter.ts";
import { EXPORTS } from "../assets/export/kinds.ts";
import type { Provenance } from "../assets/export/provenance.ts";
import type { ExportKind } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { ModelFile } from "../models/model-file.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { removeUnnamed } from "./derived-rows.ts";
import { ExportFailures } from "./export-failures.ts";
import { readModel } from "./models.ts";
import { originalKey, type StoredFile } from "./publish-model.ts";

export interface DerivedFileDeps {
  records: Records;
  storage: Storage;
  exporter: Exporter;
}

/** A model that changes faster than its files are made is being edited; its editor can ask again. */
const MAX_ROUNDS = 3;

/** What is being made in this process now, by exporter, model and work. */
const flights = new WeakMap<Exporter, Map<string, Promise<ModelFile[]>>>();

const failuresOf = new WeakMap<Exporter, ExportFailures>();

/**
 * The row of a file that is made on demand. It is made now where it was not made of the model as it is, once for all
 * who ask at the same time, with all files of the same work; who went away doesn't stop it.
 * @throws AppError `not-found` (also for a model in the trash), `export-failed`, `overloaded`, `disk-full`,
 * `shutting-down`, `conflict` where the model changes again and again meanwhile
 */
export async function ensureFile(
  deps: DerivedFileDeps,
  model: Pick<Model3d, "id">,
  kind: ExportKind,
): Promise<ModelFile> {
  const kinds = EXPORTS[kind]?.kinds;
  if (!kinds) throw new AppError("not-found");
  const running = flights.get(deps.exporter) ?? new Map<string, Promise<ModelFile[]>>();
  flights.set(deps.exporter, running);
  const key = `${model.id}/${kinds[0]}`;
  const flight = running.get(key) ?? findOrMake(deps, model.id, kinds).finally(() => running.delete(key));
  running.set(key, flight);
  return (await flight).find((file) => file.kind === kind)!;
}

async function findOrMake(
  deps: DerivedFileDeps,
  id: string,
  kinds: readonly ExportKind[],
): Promise<ModelFile[]> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const model = await readModel(deps.records, id);
    if (model.deletedAt) throw new AppError("not-found", { detail: IN_TRASH });
    const known = (model.files ?? []).filter((file) => kinds.some((kind) => kind === file.kind));
    const found = await Promise.all(known.map(({ key }) => deps.storage.stat(key)));
    if (found.filter(Boolean).length === kinds.length) return known;
    const rows = await enter(deps, model, await makeUnlessFailed(deps, model, kinds[0]));
    if (rows) return rows;
  }
  throw new AppError("conflict");
}

/** Throws at once what it threw a short while ago for the same model. */
async function makeUnlessFailed(deps: DerivedFileDeps, model: Model3d, kind: ExportKind) {
  const failures = failuresOf.get(deps.exporter) ?? new ExportFailures();
  failuresOf.set(deps.exporter, failures);
  const [key, state] = [`${model.id}/${kind}`, contentOf(model)];
  failures.check(key, state);
  try {
    return await make(deps, model, kind);
  } catch (error) {
    failures.note(key, state, error);
    throw error;
  }
}

async function make(deps: DerivedFileDeps, model: Model3d, kind: ExportKind): Promise<StoredFile[]> {
  const { storage, exporter } = deps;
  const source = await storage.materialize(originalKey(model.id));
  try {
    await using workspace = disposable(await storage.workspace());
    const made = await exporter.make({
      kind,
      sourcePath: source.path,
      targetFolder: workspace.path,
      dimensions: model.dimensions,
      name: model.name,
      provenance: await provenanceOf(deps.records, model),
    });
    const files = made.map(({ path, ...file }) => {
      const { mediaType, extension } = EXPORTS[file.kind]!;
      const key = `models/${model.id}/${file.kind}-${file.sha256.slice(0, 16)}${extension}`;
      return { path, stored: { ...file, key, mediaType } };
    });
    for (const { path, stored } of files) await storage.publish(stored.key, path);
    return files.map(({ stored }) => stored);
  } finally {
    await source.release();
  }
}

/**
 * Names the files in the model's rows, or takes the rows that another process was faster with. Null where the model
 * is no longer the one that the files were made of; then they are gone.
 */
async function enter(
  { records, storage }: DerivedFileDeps,
  made: Model3d,
  files: StoredFile[],
): Promise<ModelFile[] | null> {
  const { id: modelId } = made;
  const rows = await records.sequelize.transaction(async (transaction) => {
    const lock = transaction.LOCK.UPDATE;
    const now = await records.Model3d.findByPk(modelId, { transaction, lock });
    if (!now || now.deletedAt || contentOf(now) !== contentOf(made)) return null;
    const entered: ModelFile[] = [];
    for (const file of files) {
      const where = { modelId, kind: file.kind };
      const faster = await records.ModelFile.findOne({ where, transaction });
      if (faster && (faster.key === file.key || (await storage.stat(faster.key)))) {
        entered.push(faster);
        continue;
      }
      await faster?.destroy({ transaction });
      const values = { id: newId(), modelId, ...file, createdAt: new Date() };
      entered.push(await records.ModelFile.create(values, { transaction }));
    }
    return entered;
  });
  const named = new Set(rows?.map(({ key }) => key));
  const unnamed = files.filter(({ key }) => !named.has(key)).map(({ key }) => key);
  await removeUnnamed({ records, storage }, unnamed);
  return rows;
}

/** What of a model its files depend on. */
const contentOf = ({ name, dimensions }: Model3d) =>
  JSON.stringify([name, dimensions.length, dimensions.width, dimensions.height, dimensions.unit]);

async function provenanceOf(records: Records, model: Model3d): Promise<Provenance> {
  const generation = model.generationId ? await records.Generation.findByPk(model.generationId) : null;
  return {
    photoSha256: model.photo?.sha256 ?? null,
    provider: model.provider,
    network: model.network,
    params: generation?.params ?? null,
    modelId: model.id,
    createdAt: model.createdAt.toISOString(),
  };
}

const disposable = <T extends { dispose(): Promise<void> }>(part: T) =>
  Object.assign(part, { [Symbol.asyncDispose]: () => part.dispose() });

const IN_TRASH = {
  en: "The model is in the trash; restore it first.",
  ru: "Модель в корзине; сначала восстановите её.",
};
