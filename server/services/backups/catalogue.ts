import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { SUMS } from "../../backup/layout.ts";
import { isBackupName, type Manifest } from "../../backup/manifest.ts";
import { readManifest, readSignedManifest } from "../../backup/read-backup.ts";
import type { ManifestSigner } from "../../backup/signature.ts";
import type { BackupTarget } from "../../backup/target.ts";
import { type Backup, BackupVerdict } from "../../contract/backup.ts";
import { LocalizedText } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";

/** Beside the backup's own parts, which it is no part of. */
const VERDICT = "verdict.json";

/** Earlier versions wrote what they found in English. */
const Finding = z.union([LocalizedText, z.string().transform((text) => ({ en: text, ru: text }))]);
const StoredVerdict = BackupVerdict.extend({ details: z.array(Finding) });
/** A verdict with what was found in both languages. */
export type FoundVerdict = z.infer<typeof StoredVerdict>;

const UNREADABLE: LocalizedText = {
  en: "What the backup says of itself can't be read.",
  ru: "Описание копии не прочесть.",
};

/** Null where it was never verified, or where what stands there can't be read. */
async function readVerdict(target: BackupTarget, filename: string): Promise<FoundVerdict | null> {
  try {
    const text = (await buffer(await target.get(`${filename}/${VERDICT}`))).toString();
    return StoredVerdict.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof AppError && error.code !== "backup-missing") throw error;
    return null;
  }
}

/** Keeps what came of a verification; one that could only compare checksums leaves the time of the last restore. */
export async function writeVerdict(
  target: BackupTarget,
  filename: string,
  verdict: FoundVerdict,
): Promise<FoundVerdict> {
  const former = verdict.scope === "checksums" && verdict.ok ? await readVerdict(target, filename) : null;
  const kept = { ...verdict, restoredAt: verdict.restoredAt ?? former?.restoredAt ?? null };
  await target.put(`${filename}/${VERDICT}`, one(Buffer.from(`${JSON.stringify(kept, null, 2)}\n`)));
  return kept;
}

async function* one(bytes: Uint8Array) {
  yield bytes;
}

type Facts = Omit<Backup, "isLastVerified" | "verdict">;

/** Null facts: what it says of itself can't be read. */
interface Entry {
  /** Sizes and times of the parts that it was read from. */
  print: string;
  facts: Facts | null;
  verdict: FoundVerdict | null;
}

/** What was read of each backup, for as long as its parts stay as they are; for one place and signer. */
export type CatalogueMemory = Map<string, Entry>;

interface CatalogueOptions {
  signer?: ManifestSigner;
  locale?: keyof LocalizedText;
  memory?: CatalogueMemory;
}

/**
 * All backups that can be read, newest first; damaged ones, too, as far as they say what they are. Without a signer
 * none is called foreign. With a memory only what is new or was changed is read.
 */
export async function readCatalogue(
  target: BackupTarget,
  { signer, locale = "en", memory = new Map() }: CatalogueOptions = {},
): Promise<Backup[]> {
  const prints = await readPrints(target);
  for (const filename of memory.keys()) if (!prints.has(filename)) memory.delete(filename);
  const items: Omit<Backup, "isLastVerified">[] = [];
  for (const [filename, print] of prints) {
    let entry = memory.get(filename);
    if (entry?.print !== print) {
      entry = { print, ...(await readEntry(target, filename, signer)) };
      memory.set(filename, entry);
    }
    const { facts, verdict } = entry;
    items.push(
      facts
        ? { ...facts, verdict: verdict && inLanguage(verdict, locale) }
        : presentDamaged(filename, locale),
    );
  }
  const verified = items.filter(({ verdict }) => isVerified(verdict));
  // One that another has signed may need a key that nobody here has.
  const last = verified.find(({ isForeign }) => !isForeign) ?? verified[0];
  return items.map((item) => ({ ...item, isLastVerified: item === last }));
}

/** Names of the complete backups, newest first, each with what tells whether it is still the same. */
async function readPrints(target: BackupTarget): Promise<Map<string, string>> {
  const parts = new Map<string, string[]>();
  for await (const { key, bytes, modifiedAt } of target.list("2")) {
    const [name, file] = key.split("/");
    if (!isBackupName(name)) continue;
    parts.set(name, [...(parts.get(name) ?? []), `${file} ${bytes} ${modifiedAt.getTime()}`]);
  }
  const complete = [...parts].filter(([, files]) => files.some((file) => file.startsWith(`${SUMS} `)));
  return new Map(
    complete
      .map(([name, files]) => [name, files.sort().join()] as const)
      .sort(([a], [b]) => (a < b ? 1 : -1)),
  );
}

async function readEntry(
  target: BackupTarget,
  filename: string,
  signer: ManifestSigner | undefined,
): Promise<Omit<Entry, "print">> {
  const read = async () =>
    signer
      ? readSignedManifest(target, filename, signer)
      : { manifest: await readManifest(target, filename), isOwn: true };
  const [found, verdict] = await Promise.all([read().catch(nullIfDamaged), readVerdict(target, filename)]);
  return { facts: found && factsOf(found), verdict };
}

const inLanguage = (verdict: FoundVerdict, locale: keyof LocalizedText): BackupVerdict => ({
  ...verdict,
  details: verdict.details.map((text) => text[locale]),
});

const isVerified = (verdict: BackupVerdict | null) => verdict?.ok === true && verdict.restoredAt !== null;

function nullIfDamaged(error: unknown): null {
  if (error instanceof AppError && ["backup-damaged", "backup-missing"].includes(error.code)) return null;
  throw error;
}

function factsOf({ manifest, isOwn }: { manifest: Manifest; isOwn: boolean }): Facts {
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
    isForeign: !isOwn,
  };
}

/** Only its name can be relied on. */
function presentDamaged(filename: string, locale: keyof LocalizedText): Omit<Backup, "isLastVerified"> {
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
    isForeign: false,
    verdict: {
      at,
      ok: false,
      seconds: 0,
      scope: "checksums",
      restoredAt: null,
      tables: 0,
      rows: 0,
      files: 0,
      details: [UNREADABLE[locale]],
    },
  };
}
