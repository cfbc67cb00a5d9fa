import { readFile, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { z } from "zod";

const Part = z.object({
  /** Origin and path of the body: a validator says nothing about another address. */
  address: z.string(),
  /** Strong validator for `If-Range`; null where the rest can't be asked for. */
  validator: z.string().nullable(),
  /** Received and written so far. */
  bytes: z.number().int().nonnegative(),
  /** Of the whole body, where the host said it. */
  totalBytes: z.number().int().nonnegative().nullable(),
});

/** The beginning of a body, and what is needed to ask for the rest of the same one. */
export type Part = z.infer<typeof Part>;

const addressOf = (url: URL) => url.origin + url.pathname;

const canAskForRest = (part: Part, target: URL) =>
  part.validator !== null && part.bytes > 0 && part.address === addressOf(target);

/** Headers that ask for the rest of a part, or for the whole where it changed (RFC 9110, 13.1.5 and 14.2). */
export function rangeHeaders(part: Part | null, target: URL): Record<string, string> {
  if (!part || !canAskForRest(part, target)) return {};
  return { Range: `bytes=${part.bytes}-`, "If-Range": part.validator! };
}

/**
 * A strong ETag, else a Last-Modified that is at least a second older than the answer (RFC 9110, 8.8.2.2); null
 * where there is neither or the host takes no ranges.
 */
function validatorOf(headers: IncomingHttpHeaders): string | null {
  if (headers["accept-ranges"] === "none") return null;
  if (headers.etag) return /^"[^"]*"$/.test(headers.etag) ? headers.etag : null;
  const modified = headers["last-modified"];
  const isOld = Date.parse(headers.date ?? "") - Date.parse(modified ?? "") >= 1000;
  return modified && isOld ? modified : null;
}

/** The part that a whole answer (200) begins. */
export function newPart({ headers }: IncomingMessage, target: URL): Part {
  const length = headers["content-length"];
  return {
    address: addressOf(target),
    validator: validatorOf(headers),
    bytes: 0,
    totalBytes: length === undefined ? null : Number(length),
  };
}

/**
 * Whether an answer 206 is exactly the rest of this part: it begins where the part ends and goes to the end of a
 * body of the same length and validator. `totalBytes` of the part is known afterwards.
 */
export function isRestOf(part: Part, { headers }: IncomingMessage, target: URL): boolean {
  if (!canAskForRest(part, target)) return false;
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  if (from === undefined || Number(from) !== part.bytes || Number(to) !== Number(total) - 1) return false;
  if (part.totalBytes !== null && part.totalBytes !== Number(total)) return false;
  const length = headers["content-length"];
  if (length !== undefined && Number(length) !== Number(total) - part.bytes) return false;
  const isEtag = part.validator?.startsWith('"');
  if (isEtag && headers.etag !== undefined && headers.etag !== part.validator) return false;
  part.totalBytes = Number(total);
  return true;
}

const noteOf = (path: string) => `${path}.part.json`;

/** Writes down beside the file what it is a part of. */
export const keepPart = (path: string, part: Part) => writeFile(noteOf(path), JSON.stringify(part));

export const forgetPart = (path: string) => rm(noteOf(path), { force: true });

/** The part that an earlier download left at this path; null where there is none, or none that fits its note. */
export async function findPart(path: string): Promise<Part | null> {
  try {
    const part = Part.parse(JSON.parse(await readFile(noteOf(path), "utf8")));
    return (await stat(path)).size === part.bytes ? part : null;
  } catch {
    return null;
  }
}
