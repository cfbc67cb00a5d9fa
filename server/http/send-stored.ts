import { create as contentDisposition } from "content-disposition";
import type { Request, Response } from "express";
import fresh from "fresh";
import type { ByteRange, Storage } from "../storage/storage.ts";
import { sendContent } from "./send-content.ts";

export interface ServedFile {
  key: string;
  bytes: number;
  sha256: string;
  mediaType: string;
  modifiedAt: Date;
  /** Name that a browser saves it under. */
  fileName: string;
}

/** `Cache-Control` of a URL that names its content (it carries `?v=` and the hash's beginning), and of any other. */
export interface Caching {
  versioned: string;
  other: string;
}

const PRIVATE: Caching = { versioned: "private, max-age=31536000, immutable", other: "private, no-cache" };

export const versionOf = (sha256: string) => sha256.slice(0, 16);

/**
 * As `sendStored`, for a file of whoever asks; where the settings say so the whole of it comes from the bucket itself,
 * by a link that is signed for minutes. Not for what others may be refused at once, as by revoking a share link.
 */
export async function sendOwn(
  storage: Storage,
  file: ServedFile,
  request: Request,
  response: Response,
): Promise<void> {
  const link =
    mayLeave(request) &&
    (await storage.link(file.key, {
      mediaType: file.mediaType,
      // The bucket can't say what a browser may do with it, as our Content-Security-Policy does: it is saved.
      disposition: contentDisposition(file.fileName),
    }));
  if (!link) return sendStored(storage, file, request, response);
  response.set("Cache-Control", "private, no-store").redirect(302, link);
}

/**
 * Programs may, and browsers where the address is opened: what a page fetches would need the bucket's leave for our
 * origin. A browser may not say which it is, over http or being old. Parts and questions whether something has changed
 * stay here, where they are answered alike for all.
 */
function mayLeave({ method, headers }: Request): boolean {
  const asksAll = !headers.range && !headers["if-none-match"] && !headers["if-modified-since"];
  const mode = headers["sec-fetch-mode"];
  const isOpened = mode === undefined ? !/^Mozilla\//.test(headers["user-agent"] ?? "") : mode === "navigate";
  return method === "GET" && asksAll && isOpened;
}

/** Sends a stored file with strong ETag, Last-Modified, conditional answers and ranges (RFC 9110, 13 and 14). */
export async function sendStored(
  storage: Storage,
  file: ServedFile,
  request: Request,
  response: Response,
  caching = PRIVATE,
): Promise<void> {
  const isVersioned = request.query.v === versionOf(file.sha256);
  response.set({
    ETag: `"${file.sha256}"`,
    "Last-Modified": file.modifiedAt.toUTCString(),
    "Cache-Control": isVersioned ? caching.versioned : caching.other,
    "Content-Type": file.mediaType,
    "Content-Disposition": contentDisposition(file.fileName, { type: "inline" }),
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Accept-Ranges": "bytes",
  });
  if (isFresh(request, response)) {
    response.status(304).end();
    return;
  }
  const range = rangeOf(request, file);
  if (range === "unsatisfiable") {
    response.status(416).set("Content-Range", `bytes */${file.bytes}`).end();
    return;
  }
  if (range) response.status(206).set("Content-Range", `bytes ${range.start}-${range.end}/${file.bytes}`);
  response.set("Content-Length", String(range ? range.end - range.start + 1 : file.bytes));
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  await sendContent(await storage.read(file.key, range), response);
}

/** Unlike `request.fresh` it ignores the `Cache-Control: no-cache` that programs' fetch adds to conditional requests. */
const isFresh = ({ headers }: Request, response: Response) =>
  fresh(
    { "if-none-match": headers["if-none-match"], "if-modified-since": headers["if-modified-since"] },
    { etag: response.get("ETag"), "last-modified": response.get("Last-Modified") },
  );

/** One range, or undefined for the whole file: more ranges at once are answered with all of it, as RFC 9110 allows. */
function rangeOf(request: Request, file: ServedFile): ByteRange | "unsatisfiable" | undefined {
  const condition = request.get("if-range");
  if (condition && condition !== `"${file.sha256}"`) return undefined;
  const ranges = request.range(file.bytes, { combine: true });
  if (ranges === -1) return "unsatisfiable";
  if (ranges === undefined || ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1)
    return undefined;
  return ranges[0];
}
