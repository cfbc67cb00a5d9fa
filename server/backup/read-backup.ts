import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { AppError } from "../errors.ts";
import { decrypted } from "./age.ts";
import { checked, damaged, gunzipped } from "./bytes.ts";
import { LIST, MANIFEST, SIGNATURE, SUMS, sumsText } from "./layout.ts";
import { type FileEntry, fileEntrySchema, isBackupName, type Manifest, manifestSchema } from "./manifest.ts";
import { LineSplitter } from "./rows-hash.ts";
import type { ManifestSigner } from "./signature.ts";
import type { BackupTarget } from "./target.ts";
import type { ReadBackupOptions } from "./types.ts";

/** Names of the complete backups, newest first. */
export async function listBackups(target: BackupTarget): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of target.list("2")) {
    const [name, file] = key.split("/");
    if (file === SUMS && isBackupName(name)) names.push(name);
  }
  return names.sort().reverse();
}

/**
 * What a backup says of itself, with its own bytes checked against `SHA256SUMS`.
 * @throws AppError `backup-missing`, `backup-damaged`
 */
export const readManifest = async (target: BackupTarget, name: string): Promise<Manifest> =>
  (await readParts(target, name)).manifest;

/** As `readManifest`, and whether the one who signs here has made it. */
export async function readSignedManifest(
  target: BackupTarget,
  name: string,
  signer: ManifestSigner,
): Promise<{ manifest: Manifest; isOwn: boolean }> {
  const { manifest, json } = await readParts(target, name);
  const signature = await target.get(`${name}/${SIGNATURE}`).then(text, (error) => {
    if (error instanceof AppError && error.code === "backup-missing") return "";
    throw error;
  });
  return { manifest, isOwn: signer.isOwn(json, signature) };
}

/**
 * As `readManifest`, for whoever runs what the backup says: its dump is SQL, and anybody who can write to the target
 * could have put one there.
 * @throws AppError `backup-missing`, `backup-damaged`, `backup-foreign` unless foreign ones are wanted too
 */
export async function readOwnManifest(
  target: BackupTarget,
  name: string,
  { signer, foreign = false }: { signer: ManifestSigner; foreign?: boolean },
): Promise<Manifest> {
  const { manifest, isOwn } = await readSignedManifest(target, name, signer);
  if (!isOwn && !foreign) throw new AppError("backup-foreign");
  return manifest;
}

async function readParts(target: BackupTarget, name: string): Promise<{ manifest: Manifest; json: string }> {
  if (!isBackupName(name)) throw new AppError("backup-missing");
  const [sums, json] = await Promise.all(
    [SUMS, MANIFEST].map(async (file) => text(await target.get(`${name}/${file}`))),
  );
  try {
    const manifest = manifestSchema.parse(JSON.parse(json));
    if (manifest.name === name && sumsText(json, manifest) === sums) return { manifest, json };
  } catch (error) {
    throw damaged(`${name}/${MANIFEST}`, error);
  }
  throw damaged(`${name}/${MANIFEST}`);
}

/** The dump as plain SQL. It fails at its end where a stored byte was another one, so don't commit before. */
export async function openDatabaseDump(options: ReadBackupOptions): Promise<Readable> {
  const { target, manifest, identity, signal } = options;
  const name = `${manifest.name}/${manifest.database.name}`;
  const stored = checked(await target.get(name, signal), manifest.database, name);
  const packed = manifest.recipient === null ? stored : decrypted(stored, identity, name);
  return Readable.from(gunzipped(packed, name), { objectMode: false });
}

/** Which files the backup has. Throws `backup-damaged`, at the end at the latest. */
export async function* readFileList(target: BackupTarget, manifest: Manifest): AsyncGenerator<FileEntry> {
  const name = `${manifest.name}/${LIST}`;
  const stored = checked(await target.get(name), manifest.files, name);
  const splitter = new LineSplitter();
  for await (const chunk of gunzipped(stored, name)) {
    const lines: string[] = [];
    splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), (line) =>
      lines.push(line.toString()),
    );
    for (const line of lines) yield parseEntry(line, name);
  }
  if (!splitter.isEmpty) throw damaged(name);
}

function parseEntry(line: string, name: string): FileEntry {
  try {
    return fileEntrySchema.parse(JSON.parse(line));
  } catch (error) {
    throw damaged(name, error);
  }
}

/** The content of one file as it was in the store; checked at its end. */
export async function* openFile(
  { target, manifest, identity, signal }: ReadBackupOptions,
  entry: FileEntry,
): AsyncGenerator<Uint8Array> {
  const { key } = entry.stored;
  const stored = await target.get(key, signal);
  // What is encrypted proves itself, and may have been encrypted anew since.
  const clear = manifest.recipient === null ? stored : decrypted(stored, identity, key);
  yield* checked(clear, entry, key);
}
