import { createHash } from "node:crypto";
import { pipeline } from "node:stream";
import { createGzip, type Gzip } from "node:zlib";
import type { Bytes, Sum } from "./bytes.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/*
 * NAME/database.sql.gz[.age]   the dump
 * NAME/files.jsonl.gz          which files there were; never encrypted: names are opaque, and the next backup and the
 *                              collection of garbage must read it without the secret key
 * NAME/manifest.json
 * NAME/manifest.sig             who made it: HMAC of manifest.json
 * NAME/SHA256SUMS              of dump, list and manifest, for `sha256sum --check`; written last: without it there is no backup
 * files/plain/ab/SHA256        contents by their own hash, shared by all backups
 * files/age-KEY/ab/SHA256.age  the same encrypted; KEY tells public keys apart
 */
export const MANIFEST = "manifest.json";
export const SIGNATURE = "manifest.sig";
export const SUMS = "SHA256SUMS";
export const LIST = "files.jsonl.gz";
export const CONTENTS = "files/";

export const databaseName = (recipient: string | null) =>
  recipient === null ? "database.sql.gz" : "database.sql.gz.age";

/** Where files lie that are encrypted to this key. */
export function contentsOf(recipient: string | null): string {
  if (recipient === null) return `${CONTENTS}plain/`;
  return `${CONTENTS}age-${createHash("sha256").update(recipient).digest("hex").slice(0, 16)}/`;
}

export const contentKey = (recipient: string | null, sha256: string) =>
  `${contentsOf(recipient)}${sha256.slice(0, 2)}/${sha256}${recipient === null ? "" : ".age"}`;

/** The text of `SHA256SUMS`; each backup has exactly one, so that not a bit of it may differ. */
export function sumsText(manifestText: string, { database, files }: Manifest): string {
  const manifest: Sum & { name: string } = {
    name: MANIFEST,
    bytes: manifestText.length,
    sha256: createHash("sha256").update(manifestText).digest("hex"),
  };
  return [manifest, database, files].map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

export const manifestText = (manifest: Manifest) =>
  `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;

/** Fast enough for the main thread's pool, and far smaller than the text. */
export const gzipped = (source: Bytes): Gzip => pipeline(source, createGzip({ level: 6 }), () => undefined);
