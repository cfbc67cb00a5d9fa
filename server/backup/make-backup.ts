import { AppError } from "../errors.ts";
import { encrypted } from "./age.ts";
import { type Bytes, measured, type Sum } from "./bytes.ts";
import { FileCopier } from "./copy-files.ts";
import { dumpDatabase } from "./dump.ts";
import { KnownFiles } from "./known-files.ts";
import {
  contentsOf,
  databaseName,
  gzipped,
  LIST,
  MANIFEST,
  manifestText,
  SIGNATURE,
  SUMS,
  sumsText,
} from "./layout.ts";
import { backupName, type FileEntry, type Manifest } from "./manifest.ts";
import { paced } from "./progress.ts";
import { listBackups, readFileList, readOwnManifest } from "./read-backup.ts";
import type { BackupTarget } from "./target.ts";
import type { MakeBackupOptions } from "./types.ts";

/** Files on their way at a time: so many waits for the disk or the bucket overlap. */
const LANES = 4;

/**
 * Makes a whole backup: the dump first, then the files, so that every row's file is there unless it was deleted since.
 * Nothing counts until the last part is in place; when it fails its parts are removed, contents of files excepted,
 * which the next backup finds. Only one may be made in a target at a time.
 * @throws AppError `conflict` where there is one of this name, `disk-full`, `backup-target-refused`
 */
export async function makeBackup(options: MakeBackupOptions): Promise<Manifest> {
  const { target, kind, startedAt, recipient, signal } = options;
  const name = backupName(startedAt, kind);
  if (await target.stat(`${name}/${SUMS}`)) throw new AppError("conflict");
  try {
    const database = await storeDatabase(options, name);
    const files = await storeFiles(options, name, expectedFiles(database));
    const manifest: Manifest = {
      format: 1,
      name,
      kind,
      productVersion: options.productVersion,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      recipient,
      database,
      files,
    };
    const json = manifestText(manifest);
    await target.put(`${name}/${MANIFEST}`, asBytes(json), signal);
    await target.put(`${name}/${SIGNATURE}`, asBytes(options.signer.sign(json)), signal);
    await target.put(`${name}/${SUMS}`, asBytes(sumsText(json, manifest)), signal);
    return manifest;
  } catch (error) {
    for await (const { key } of target.list(`${name}/`)) await target.remove(key);
    throw signal?.aborted ? signal.reason : error;
  }
}

async function storeDatabase(options: MakeBackupOptions, name: string): Promise<Manifest["database"]> {
  const { url, target, recipient, trialRecipient, signal } = options;
  const dump = dumpDatabase({ url, signal, onProgress: paced(options.onProgress) });
  let textBytes = 0;
  const text = measured(dump.stream as AsyncIterable<Uint8Array>, ({ bytes }) => {
    textBytes = bytes;
  });
  const packed = gzipped(text);
  const part = databaseName(recipient);
  const keys = [recipient, trialRecipient].filter((key) => typeof key === "string");
  // A place that refuses at once asks for no byte, and the dump would hold its snapshot for ever.
  const sum = await putMeasured(
    target,
    `${name}/${part}`,
    recipient === null ? packed : encrypted(packed, keys),
    signal,
  ).finally(() => dump.stream.destroy());
  const { snapshotAt, ...figures } = await dump.done;
  return { name: part, ...sum, textBytes, snapshotAt: snapshotAt.toISOString(), ...figures };
}

/** Tables each of whose rows names a file. */
const NAMING = new Set(["public.photos", "public.model_files", "public.installation"]);

/** How many files there will be, where the store has what the rows name and nothing else. */
const expectedFiles = ({ tables }: Manifest["database"]): number =>
  tables.filter((table) => NAMING.has(table.name)).reduce((sum, { rows }) => sum + rows, 0);

async function storeFiles(
  options: MakeBackupOptions,
  name: string,
  expected: number,
): Promise<Manifest["files"]> {
  const { storage, target, recipient, bytesPerSecond, signal } = options;
  const report = paced(options.onProgress);
  const copier = new FileCopier({
    storage,
    target,
    recipient,
    bytesPerSecond,
    signal,
    former: await readFormer(options),
    present: await listContents(target, recipient),
  });
  const sum = { count: 0, totalBytes: 0 };
  const lanes: Promise<FileEntry | null>[] = [];

  async function* lines(): AsyncGenerator<Uint8Array> {
    for await (const object of storage.list("")) {
      signal?.throwIfAborted();
      const entry = copier.copy(object);
      // Its turn to be waited for comes later.
      entry.catch(() => undefined);
      lanes.push(entry);
      if (lanes.length === LANES) yield* lineOf(await (lanes.shift() as Promise<FileEntry | null>));
    }
    while (lanes.length > 0) yield* lineOf(await (lanes.shift() as Promise<FileEntry | null>));
  }
  function* lineOf(entry: FileEntry | null): Generator<Uint8Array> {
    if (!entry) return;
    sum.count++;
    sum.totalBytes += entry.bytes;
    report({
      phase: "files",
      doneBytes: sum.totalBytes,
      totalBytes: null,
      done: sum.count,
      // Files that nobody names are swept later on: nobody knows how many.
      total: sum.count <= expected ? expected : null,
    });
    yield Buffer.from(`${JSON.stringify(entry)}\n`);
  }

  const list = gzipped(lines());
  const part = await putMeasured(target, `${name}/${LIST}`, list, signal).finally(() => {
    // Nothing more is copied after a failure.
    list.destroy();
    return Promise.allSettled(lanes);
  });
  const { copiedCount, copiedBytes } = copier;
  return { name: LIST, ...part, ...sum, copiedCount, copiedBytes };
}

async function putMeasured(target: BackupTarget, key: string, content: Bytes, signal?: AbortSignal) {
  let sum: Sum | undefined;
  const tell = (found: Sum) => {
    sum = found;
  };
  await target.put(key, measured(content, tell), signal);
  return sum as Sum;
}

/** What the newest readable backup of ours to the same key knows of files: a forged one would be signed with the next. */
async function readFormer({ target, recipient, signer }: MakeBackupOptions): Promise<KnownFiles> {
  for (const name of await listBackups(target)) {
    try {
      const manifest = await readOwnManifest(target, name, { signer });
      if (manifest.recipient !== recipient) continue;
      const former = new KnownFiles(recipient);
      for await (const entry of readFileList(target, manifest)) former.add(entry);
      return former;
    } catch (error) {
      // A damaged or foreign one costs reading the files again, no more.
      if (
        !(
          error instanceof AppError &&
          ["backup-damaged", "backup-missing", "backup-foreign"].includes(error.code)
        )
      )
        throw error;
    }
  }
  return new KnownFiles(recipient);
}

async function listContents(target: BackupTarget, recipient: string | null): Promise<Map<string, number>> {
  const contents = new Map<string, number>();
  for await (const { key, bytes } of target.list(contentsOf(recipient))) contents.set(key, bytes);
  return contents;
}

async function* asBytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
