import { z } from "zod";

export const BACKUP_KINDS = ["manual", "daily", "weekly"] as const;
export type BackupKind = (typeof BACKUP_KINDS)[number];

const NAME = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d-[0-5]\d-[0-5]\dZ-(?:manual|daily|weekly)$/;

/** Name of a backup and its folder in the target, also the `filename` of the API: `2026-11-22T02-00-00Z-daily`. */
export const backupName = (startedAt: Date, kind: BackupKind): string =>
  `${startedAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-")}-${kind}`;

/** Whether it is a name that `backupName` gives; nothing else ever becomes part of a path. */
export const isBackupName = (name: string): boolean => NAME.test(name);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

export const tableSchema = z.object({
  name: z.string(),
  rows: count,
  /** Sum modulo 2^256 of the SHA-256 of every row's line in COPY's text format, so that order doesn't matter. */
  sha256,
});
export type TableFigures = z.infer<typeof tableSchema>;

/** A stored object beside the manifest: its file name, and bytes and SHA-256 as stored. */
const part = z.object({ name: z.string().regex(/^[a-z.]+$/), bytes: count, sha256 });

export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().regex(NAME),
  kind: z.enum(BACKUP_KINDS),
  productVersion: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Public key of age that the dump and the files are encrypted to; null where they aren't. */
  recipient: z.string().nullable(),
  database: part.extend({
    serverVersion: z.string(),
    snapshotAt: z.iso.datetime(),
    /** Before gzip. */
    textBytes: count,
    migrations: z.array(z.string()),
    tables: z.array(tableSchema),
    omitted: z.array(z.string()),
  }),
  files: part.extend({
    count,
    /** Of all files together. */
    totalBytes: count,
    /** What this backup had to copy; the rest was there from former ones. */
    copiedCount: count,
    copiedBytes: count,
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** One line of the list of files. */
export const fileEntrySchema = z.object({
  /** In the product's store. */
  key: z.string(),
  bytes: count,
  modifiedMs: z.number(),
  sha256,
  /** Key in the target; bytes and SHA-256 as stored there (others than above where it is encrypted). */
  stored: z.object({
    key: z.string().regex(/^files\/(?:plain|age-[0-9a-f]{16})\/[0-9a-f]{2}\/[0-9a-f]{64}(?:\.age)?$/),
    bytes: count,
    sha256,
  }),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;
