import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type pg from "pg";
import { decrypted } from "../../backup/age.ts";
import { fetchDatabaseDump } from "../../backup/fetch-dump.ts";
import { inLanes } from "../../backup/in-lanes.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { readFileList, readOwnManifest } from "../../backup/read-backup.ts";
import { restoreFiles } from "../../backup/restore-files.ts";
import { openSession } from "../../backup/session.ts";
import type { ReadBackupOptions } from "../../backup/types.ts";
import { verifyParts } from "../../backup/verify-parts.ts";
import { listMigrations } from "../../database/migrate.ts";
import { AppError } from "../../errors.ts";
import { failureOf } from "../backups/failure.ts";
import { type HeldLock, takeBackupLock } from "../backups/lock.ts";
import { settleCutOffBy } from "../backups/runs.ts";
import { auditRow, type CarriedOver } from "./carry-over.ts";
import type { RestoreDeps, RestoreOrder, RestorePoint } from "./deps.ts";
import { drainWork } from "./drain.ts";
import { loadAside } from "./load-aside.ts";
import { settleRestore } from "./recover.ts";
import { type RestoreNote, restoreId } from "./restore-files.ts";
import { writeRestoreNote } from "./restore-note.ts";
import { ASIDE, isRestored } from "./schemas.ts";
import { settleFailed } from "./settle-failed.ts";
import { requireOwn, swapIn } from "./swap.ts";

type Step = "checking" | "draining" | "database" | "files" | "swapping";

interface Run {
  deps: RestoreDeps;
  order: RestoreOrder;
  manifest: Manifest;
  /** Another one after it was lost and taken again. */
  lock: HeldLock;
  client: pg.Client;
  signal: AbortSignal;
  startedAt: string;
}

/** A dump takes about so much more room in the database than as text, with its indexes and the log of writing it. */
const ROOM_FACTOR = 3;

/**
 * Begins to put a backup in the place of the present state. Resolves once it is under way and nobody can change
 * anything any more; `done` rejects where it came to nothing, and everything is as before then.
 * @throws AppError `backup-missing`, `backup-damaged`, `backup-foreign`, `backup-key`, `restore-too-new`, `backup-running`,
 * `restore-pending`
 */
export async function beginRestore(
  deps: RestoreDeps,
  order: RestoreOrder,
): Promise<{ done: Promise<CarriedOver> }> {
  const { signer } = deps;
  const manifest = await readOwnManifest(deps.target, order.filename, { signer, foreign: order.foreign });
  refuseNewer(manifest);
  await tryKey(deps, manifest, order.identity);
  const lock = await takeBackupLock(deps.url);
  if (!lock) throw new AppError("backup-running");
  const signal = AbortSignal.any([lock.lost, deps.stopping]);
  let client: pg.Client | undefined;
  try {
    client = await openSession(deps.url, signal);
    if (await isRestored(client)) throw new AppError("restore-pending");
    await settleRestore(deps, client, lock.lost);
    await settleCutOffBy(client);
    const run: Run = { deps, order, manifest, lock, client, signal, startedAt: new Date().toISOString() };
    await client.query("BEGIN");
    const { filename, by } = order;
    await auditRow(client, { action: "backup.restore-started", details: { filename }, by });
    await writeRestoreNote(client, "restoreFailure", null);
    await tell(run, "checking");
    await client.query("COMMIT");
    const done = perform(run).finally(() => run.lock.release());
    // Whoever only begins it hears of it by the switches.
    done.catch(() => undefined);
    return { done };
  } catch (error) {
    await client?.end().catch(() => undefined);
    await lock.release();
    throw error;
  }
}

async function perform(run: Run): Promise<CarriedOver> {
  const { deps, order, client } = run;
  try {
    return await restore(run).finally(() => client.end().catch(() => undefined));
  } catch (error) {
    deps.logger.error("A restore failed; what it has left is settled", { filename: order.filename, error });
    // The connection of the swap may have been lost with its answer: the database knows.
    const carried = await settleFailed(run, noteOf(order.filename, error));
    if (carried) return carried;
    throw error;
  }
}

function noteOf(filename: string, error: unknown) {
  const { code, detail } = failureOf(error);
  return { filename, at: new Date().toISOString(), code, message: detail.en, messageRu: detail.ru };
}

async function restore(run: Run): Promise<CarriedOver> {
  const { deps, order, manifest, client, signal } = run;
  const { files, target, logger } = deps;
  const { identity } = order;
  const reading = { target, manifest, identity, signal };
  const id = restoreId(run.startedAt);
  const at = async (point: RestorePoint) => {
    await deps.atStep?.(point);
    signal.throwIfAborted();
  };

  await verifyParts(reading);
  const wanted = await compareFiles(run);
  await requireRoom(run, wanted);
  await at("checked");

  await tell(run, "draining");
  await drainWork(client, signal);
  await at("drained");

  await tell(run, "database");
  await loadDump(run, reading);
  await at("loaded");

  await tell(run, "files");
  const chosen = new Set([...wanted.added, ...wanted.replaced]);
  await restoreFiles({
    ...reading,
    take: files.arrivals(id),
    lanes: files.lanes.bringIn,
    isChosen: ({ key }) => chosen.has(key),
  });
  const mark = await bringMark(run, id);
  if (mark && !chosen.has(mark)) wanted.added.push(mark);
  await at("brought-in");
  const { added, replaced } = wanted;
  const note: RestoreNote = { id, filename: order.filename, phase: "open", added, replaced };
  await files.begin(note, signal);
  await at("noted");
  await files.placeAdded(note, signal);
  await at("placed");

  await tell(run, "swapping");
  await drainWork(client, signal);
  await run.lock.tellEnd();
  const carried = await swapIn({ ...deps, ...order, startedAt: run.startedAt, signal });
  await at("swapped");
  await files.placeReplaced(note, signal);
  await at("replaced");
  logger.info("A backup is in place; confirm it or undo it", { filename: order.filename, ...carried });
  return carried;
}

/** Says to all processes that nothing is to be changed, and how far it is. Rejects once another process has settled it. */
async function tell({ client, order: { filename }, startedAt }: Run, step: Step): Promise<void> {
  if (step !== "checking") await requireOwn(client, startedAt);
  const at = new Date().toISOString();
  await writeRestoreNote(client, "restore", { filename, state: "running", step, at, startedAt });
}

function refuseNewer({ database, productVersion }: Manifest): void {
  const known = new Set(listMigrations());
  const unknown = database.migrations.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new AppError("restore-too-new", {
    detail: {
      en: `The backup was made by version ${productVersion}; this one does not know its change ${unknown[0]}.`,
      ru: `Копия сделана версией ${productVersion}; эта версия не знает её изменения ${unknown[0]}.`,
    },
  });
}

/** A wrong key is told before anything is begun. */
async function tryKey({ target }: RestoreDeps, manifest: Manifest, identity?: string): Promise<void> {
  if (manifest.recipient === null) return;
  const name = `${manifest.name}/${manifest.database.name}`;
  const stored = await target.get(name);
  try {
    for await (const _ of decrypted(stored, identity, name)) return;
  } finally {
    stored.destroy();
  }
}

/** Keys of the backup's files that the store lacks, or has with other bytes. */
async function compareFiles({ deps, manifest, signal }: Run) {
  const { files, target } = deps;
  const wanted = { added: [] as string[], replaced: [] as string[], bytes: 0, largestBytes: 0 };
  await inLanes(readFileList(target, manifest), files.lanes.compare, async (entry) => {
    signal.throwIfAborted();
    const how = await files.howItDiffers(entry, signal);
    if (!how) return;
    wanted[how].push(entry.key);
    wanted.bytes += entry.bytes;
    wanted.largestBytes = Math.max(wanted.largestBytes, entry.bytes);
  });
  return wanted;
}

async function requireRoom({ deps, manifest }: Run, wanted: { bytes: number; largestBytes: number }) {
  const free = await deps.files.storage.freeBytes();
  const { bytes: packed, textBytes } = manifest.database;
  if (deps.files.localBytes(wanted) + packed + ROOM_FACTOR * textBytes > free)
    throw new AppError("disk-full");
}

async function loadDump({ deps, manifest, signal }: Run, reading: ReadBackupOptions): Promise<void> {
  const { url, files, logger } = deps;
  const scratch = await files.openScratch();
  try {
    const stream = await fetchDatabaseDump({ ...reading, folder: scratch.path });
    await loadAside({ url, stream, tables: manifest.database.tables, logger, signal });
  } finally {
    await scratch.dispose();
  }
}

/** The store belongs to the restored installation then; its mark is among the files that are brought in, or made. */
async function bringMark({ client, deps: { files }, signal }: Run, id: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(`SELECT id FROM ${ASIDE}.installation`);
  const key = `owners/${rows[0].id}`;
  if (await files.storage.stat(key)) return null;
  const content = Buffer.from("The database with this id owns the files here.\n");
  const sha256 = createHash("sha256").update(content).digest("hex");
  const mark = { key, bytes: content.length, sha256, modifiedMs: Date.now() };
  await files.arrivals(id)(mark, Readable.from([content]), signal);
  return key;
}
