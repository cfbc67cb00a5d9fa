import { buffer } from "node:stream/consumers";
import type { Manifest } from "../../backup/manifest.ts";
import { listBackups, readManifest } from "../../backup/read-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";
import { type Backup, BackupVerdict } from "../../contract/backup.ts";
import { AppError } from "../../errors.ts";

/** Beside the backup's own parts, which it is no part of. */
const VERDICT = "verdict.json";

/** Null where it was never verified, or where what stands there can't be read. */
export async function readVerdict(target: BackupTarget, filename: string): Promise<BackupVerdict | null> {
  try {
    const text = (await buffer(await target.get(`${filename}/${VERDICT}`))).toString();
    return BackupVerdict.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof AppError && error.code !== "backup-missing") throw error;
    return null;
  }
}

/** Keeps what came of a verification; one that could only compare checksums leaves the time of the last restore. */
export async function writeVerdict(
  target: BackupTarget,
  filename: string,
  verdict: BackupVerdict,
): Promise<BackupVerdict> {
  const former = verdict.scope === "checksums" && verdict.ok ? await readVerdict(target, filename) : null;
  const kept = { ...verdict, restoredAt: verdict.restoredAt ?? former?.restoredAt ?? null };
  await target.put(`${filename}/${VERDICT}`, one(Buffer.from(`${JSON.stringify(kept, null, 2)}\n`)));
  return kept;
}

async function* one(bytes: Uint8Array) {
  yield bytes;
}

/** All backups that can be read, newest first; damaged ones, too, as far as they say what they are. */
export async function readCatalogue(target: BackupTarget): Promise<Backup[]> {
  const items: Omit<Backup, "isLastVerified">[] = [];
  for (const filename of await listBackups(target)) {
    const [manifest, verdict] = await Promise.all([
      readManifest(target, filename).catch(nullIfDamaged),
      readVerdict(target, filename),
    ]);
    items.push(manifest ? present(manifest, verdict) : presentDamaged(filename));
  }
  const lastVerified = items.find(({ verdict }) => isVerified(verdict))?.filename;
  return items.map((item) => ({ ...item, isLastVerified: item.filename === lastVerified }));
}

const isVerified = (verdict: BackupVerdict | null) => verdict?.ok === true && verdict.restoredAt !== null;

function nullIfDamaged(error: unknown): null {
  if (error instanceof AppError && ["backup-damaged", "backup-missing"].includes(error.code)) return null;
  throw error;
}

function present(manifest: Manifest, verdict: BackupVerdict | null): Omit<Backup, "isLastVerified"> {
  const { database, files } = manifest;
  const seconds = (Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 1000;
  return {
    filename: manifest.name,
    kind: manifest.kind,
    createdAt: manifest.startedAt,
    version: manifest.productVersion,
    databaseBytes: database.bytes,
    fileBytes: files.totalBytes,
    files: files.count,
    tables: database.tables.length,
    rows: database.tables.reduce((sum, { rows }) => sum + rows, 0),
    seconds: Math.max(0, seconds),
    encrypted: manifest.recipient !== null,
    verdict,
  };
}

/** Only its name can be relied on. */
function presentDamaged(filename: string): Omit<Backup, "isLastVerified"> {
  const at = new Date().toISOString();
  const [, date, hours, minutes, seconds, kind] =
    /^(.{10})T(\d\d)-(\d\d)-(\d\d)Z-(\w+)$/.exec(filename) ?? [];
  return {
    filename,
    kind: kind as Backup["kind"],
    createdAt: `${date}T${hours}:${minutes}:${seconds}Z`,
    version: "",
    databaseBytes: 0,
    fileBytes: 0,
    files: 0,
    tables: 0,
    rows: 0,
    seconds: 0,
    encrypted: false,
    verdict: {
      at,
      ok: false,
      seconds: 0,
      scope: "checksums",
      restoredAt: null,
      tables: 0,
      rows: 0,
      files: 0,
      details: ["What the backup says of itself can't be read."],
    },
  };
}
