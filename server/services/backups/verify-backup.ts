import { randomInt } from "node:crypto";
import { createReadStream } from "node:fs";
import { statfs } from "node:fs/promises";
import { sumOf } from "../../backup/bytes.ts";
import { dumpDatabase } from "../../backup/dump.ts";
import { fetchDatabaseDump } from "../../backup/fetch-dump.ts";
import { CONTENTS } from "../../backup/layout.ts";
import type { FileEntry, Manifest, TableFigures } from "../../backup/manifest.ts";
import { readFileList, readOwnManifest } from "../../backup/read-backup.ts";
import { restoreDump } from "../../backup/restore-dump.ts";
import { intoFolder, restoreFiles } from "../../backup/restore-files.ts";
import { createScratchDatabase, dropLeftScratchDatabases } from "../../backup/scratch-database.ts";
import type { ManifestSigner } from "../../backup/signature.ts";
import type { BackupTarget } from "../../backup/target.ts";
import type { OnProgress } from "../../backup/types.ts";
import { verifyParts } from "../../backup/verify-parts.ts";
import type { LocalizedText } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";
import { keyToPath } from "../../storage/key-path.ts";
import type { Storage } from "../../storage/storage.ts";
import type { FoundVerdict } from "./catalogue.ts";

/** All files up to this are restored, of larger ones about `LARGE_SAMPLE`, each time others. */
const SMALL_BYTES = 256 * 1024;
const LARGE_SAMPLE = 50;
/** Of the free room, for what is restored to be looked at. */
const SHARE_OF_ROOM = 0.5;
const LEFT_BEHIND_SECONDS = 86_400;
const MOST_DETAILS = 20;

interface VerifyOptions {
  url: string;
  storage: Storage;
  target: BackupTarget;
  filename: string;
  signer: ManifestSigner;
  /** Whether one that another has signed, or nobody, is tried out too. */
  foreign?: boolean;
  /** Whether a damaged content is removed, so that the next backup copies it anew. */
  removesDamaged: boolean;
  /** Secret key of age that the dump can be read with; not needed where nothing is encrypted. */
  identity?: string;
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** What is found wrong with a backup; everything else that is thrown says nothing about it. */
const FAULTS = ["backup-damaged", "backup-missing", "database-not-empty"];

/**
 * Restores a backup into a scratch database and a scratch folder and compares: number and checksum of the rows of every
 * table as they come out of the scratch database, presence and size of every content, checksums of all small files and
 * of a sample of the large ones. An encrypted dump without its key, and encrypted files, are compared as they are
 * stored. Rejects with `backup-foreign`, and where it could not be tried, such as without the right to create a database.
 */
export async function verifyBackup(options: VerifyOptions): Promise<FoundVerdict> {
  const startedAt = performance.now();
  const figures = { tables: 0, rows: 0, files: 0 };
  const details: LocalizedText[] = [];
  let isRestored = false;
  try {
    const manifest = await readOwnManifest(options.target, options.filename, options);
    const isOpen = manifest.recipient === null || options.identity !== undefined;
    if (isOpen) {
      details.push(...(await compareDatabase(options, manifest)));
      figures.tables = manifest.database.tables.length;
      figures.rows = manifest.database.tables.reduce((sum, { rows }) => sum + rows, 0);
      isRestored = true;
    }
    figures.files = await compareFiles(options, manifest);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof AppError && FAULTS.includes(error.code))) throw error;
    details.push(error.detail);
  }
  const ok = details.length === 0;
  const at = new Date().toISOString();
  return {
    at,
    ok,
    seconds: Math.round(performance.now() - startedAt) / 1000,
    scope: isRestored ? "restored" : "checksums",
    restoredAt: ok && isRestored ? at : null,
    ...figures,
    details: details.slice(0, MOST_DETAILS),
  };
}

/** What differs between the rows that the dump was made of and those that come out of a database restored from it. */
async function compareDatabase(options: VerifyOptions, manifest: Manifest): Promise<LocalizedText[]> {
  const { url, target, storage, identity, signal, onProgress } = options;
  await dropLeftScratchDatabases(url, LEFT_BEHIND_SECONDS);
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.adopt(await storage.workspace(), (part) => part.dispose());
  const scratch = await createScratchDatabase(url);
  try {
    const stream = await fetchDatabaseDump({ target, manifest, identity, signal, folder });
    await restoreDump({ url: scratch.url, stream, signal, onProgress: asVerifying(onProgress) });
    const dump = dumpDatabase({ url: scratch.url, signal, onProgress: asVerifying(onProgress) });
    for await (const _ of dump.stream);
    const { tables, migrations } = await dump.done;
    const differing = differencesOf(manifest.database.tables, tables);
    if (migrations.join() !== manifest.database.migrations.join()) {
      differing.push({
        en: "The list of migrations is another one after restoring.",
        ru: "После восстановления другой список миграций.",
      });
    }
    return differing;
  } finally {
    // What was found counts; the next verification drops it.
    await scratch.drop().catch(() => undefined);
  }
}

/** In words, what tables lack or have otherwise. */
function differencesOf(expected: TableFigures[], found: TableFigures[]): LocalizedText[] {
  const byName = new Map(found.map((table) => [table.name, table]));
  const names = new Set(expected.map(({ name }) => name));
  return [
    ...expected.flatMap(({ name, rows, sha256 }) => {
      const other = byName.get(name);
      if (!other) {
        return [
          {
            en: `The table ${name} is missing after restoring.`,
            ru: `После восстановления нет таблицы ${name}.`,
          },
        ];
      }
      if (other.rows !== rows) {
        return [
          {
            en: `The table ${name} has ${other.rows} rows instead of ${rows}.`,
            ru: `Строк в таблице ${name}: ${other.rows}, а не ${rows}.`,
          },
        ];
      }
      if (other.sha256 === sha256) return [];
      return [
        {
          en: `Rows of the table ${name} differ after restoring.`,
          ru: `После восстановления другие строки в таблице ${name}.`,
        },
      ];
    }),
    ...found
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => ({
        en: `The table ${name} is there after restoring, but not in the manifest.`,
        ru: `После восстановления есть таблица ${name}, которой нет в описании копии.`,
      })),
  ];
}

/** How many files were compared. @throws AppError `backup-damaged`, `backup-missing` */
async function compareFiles(options: VerifyOptions, manifest: Manifest): Promise<number> {
  const { target, identity, signal, storage, removesDamaged } = options;
  const onProgress = asVerifying(options.onProgress);
  await compareSizes(options, manifest);
  await using stack = new AsyncDisposableStack();
  const workspace = stack.adopt(await storage.workspace(), (part) => part.dispose());
  const { bavail, bsize } = await statfs(workspace.path);
  const chosen: FileEntry[] = [];
  const isChosen = chooser(manifest, bavail * bsize * SHARE_OF_ROOM, chosen);
  if (manifest.recipient !== null) {
    await verifyParts({ target, manifest, signal, onProgress, isChosen, removesDamaged });
    return chosen.length;
  }
  try {
    const take = intoFolder(workspace.path);
    await restoreFiles({ target, manifest, identity, signal, onProgress, take, isChosen });
    for (const entry of chosen) {
      signal.throwIfAborted();
      const { sha256 } = await sumOf(createReadStream(keyToPath(workspace.path, entry.key)));
      if (sha256 !== entry.sha256) throw damagedFile(entry.key);
    }
    return chosen.length;
  } catch (error) {
    // It takes what is damaged out of the target, so that the next backup copies it anew.
    if (error instanceof AppError && error.code === "backup-damaged") {
      await verifyParts({ target, manifest, signal, removesDamaged }).catch(() => signal.throwIfAborted());
    }
    throw error;
  }
}

/** Every content that the backup names must be there in its size, also those that nobody reads today. */
async function compareSizes({ target, signal }: VerifyOptions, manifest: Manifest): Promise<void> {
  const present = new Map<string, number>();
  for await (const { key, bytes } of target.list(CONTENTS, signal)) present.set(key, bytes);
  let count = 0;
  for await (const { key, stored } of readFileList(target, manifest)) {
    signal.throwIfAborted();
    if (!present.has(stored.key)) throw missingFile(key);
    if (present.get(stored.key) !== stored.bytes) throw damagedFile(key);
    count += 1;
  }
  if (count !== manifest.files.count) throw damagedFile(`${manifest.name}/${manifest.files.name}`);
}

/** Chooses all small files and a random sample of the large ones, as long as there is room; they are put into `chosen`. */
function chooser({ files }: Manifest, roomBytes: number, chosen: FileEntry[]) {
  let room = roomBytes;
  return (entry: FileEntry): boolean => {
    const isLucky = entry.bytes <= SMALL_BYTES || randomInt(Math.max(1, files.count)) < LARGE_SAMPLE;
    if (!isLucky || entry.bytes > room) return false;
    room -= entry.bytes;
    chosen.push(entry);
    return true;
  };
}

const asVerifying =
  (onProgress: OnProgress): OnProgress =>
  (progress) =>
    onProgress({ ...progress, phase: "verify" });

const damagedFile = (key: string) =>
  new AppError("backup-damaged", {
    detail: {
      en: `The file ${key} is not in the backup as it was written.`,
      ru: `Файл ${key} в копии не тот, что был записан.`,
    },
  });
const missingFile = (key: string) =>
  new AppError("backup-missing", {
    detail: { en: `The file ${key} is missing in the backup.`, ru: `Файла ${key} в копии нет.` },
  });
