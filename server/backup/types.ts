import type { Readable } from "node:stream";
import type { Storage } from "../storage/storage.ts";
import type { BackupKind, Manifest, TableFigures } from "./manifest.ts";
import type { ManifestSigner } from "./signature.ts";
import type { BackupTarget } from "./target.ts";

/** How far it is. `total` is null where it isn't known; bytes are those of the database's text or of files. */
export interface BackupProgress {
  phase: "database" | "files" | "verify";
  doneBytes: number;
  totalBytes: number | null;
  /** Tables or files. */
  done: number;
  total: number | null;
}

export type OnProgress = (progress: BackupProgress) => void;

export interface Watched {
  /** Stops it; the promise then rejects with the signal's reason and nothing is left. */
  signal?: AbortSignal;
  /** At most some times a second. */
  onProgress?: OnProgress;
}

/** What a dump holds, known when its last byte is out. */
export interface DumpFigures {
  tables: TableFigures[];
  /** Of the snapshot that all tables are read from. */
  snapshotAt: Date;
  /** As the server gives it: `18.4`. */
  serverVersion: string;
  /** Names of the migrations that the database has run, in order. */
  migrations: string[];
  /** Objects of the schema that a dump doesn't carry (views, own types …); none of ours. */
  omitted: string[];
}

export interface Dump {
  /** Plain SQL that `psql` and `restoreDump` read. Whoever takes it must read it or destroy it. */
  stream: Readable;
  /** Rejects where the stream is destroyed or fails. */
  done: Promise<DumpFigures>;
}

export interface MakeBackupOptions extends Watched {
  /** The database. */
  url: string;
  storage: Storage;
  target: BackupTarget;
  kind: BackupKind;
  startedAt: Date;
  productVersion: string;
  /** Public key of age that the dump and the files are encrypted to; null: nothing is. */
  recipient: string | null;
  /** A second key for the dump alone, so that it can be tried out without the first one's secret half. */
  trialRecipient?: string;
  /** Files are read at most at this pace; null is no bound. */
  bytesPerSecond: number | null;
  signer: ManifestSigner;
}

export interface ReadBackupOptions extends Watched {
  target: BackupTarget;
  manifest: Manifest;
  /** Secret key of age (`AGE-SECRET-KEY-1…`); needed where the manifest names a recipient. */
  identity?: string;
}
