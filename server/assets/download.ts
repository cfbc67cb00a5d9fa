import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { AppError } from "../errors.ts";
import { guardedLookup, isLoopbackAddress, isPublicAddress } from "./address-guard.ts";
import { checkTarget } from "./download-target.ts";

export interface DownloadOptions {
  /** `host` for exactly that one, `.suffix` for everything below it. */
  allowedHosts: readonly string[];
  maxBytes: number;
  /** For the whole download. */
  timeoutSeconds: number;
  /** Longest silence of the other side; default 30. */
  stallSeconds?: number;
  signal: AbortSignal;
  onProgress?(progress: { bytes: number; totalBytes: number | null }): void;
  /** Lets http and loopback addresses through (still only allowed hosts): for a fake service on this machine. */
  allowInsecureLoopback?: boolean;
  /** Resolver of host names; default the system's. */
  lookup?: LookupFunction;
}

const MAX_REDIRECTS = 3;

/**
 * Fetches an address that somebody else chose into a file: only https, only allowed hosts, only public addresses
 * (checked at connect), redirects by the same rules, without any credentials. The file is complete and synced when
 * the promise resolves, and gone when it rejects.
 *
 * Throws AppError `result-not-allowed`, `result-unreachable`, `result-too-large`, `result-invalid` or `disk-full`;
 * throws the reason of `signal` when that aborts.
 */
export async function downloadGuarded(
  url: string,
  targetPath: string,
  options: DownloadOptions,
): Promise<{ bytes: number; sha256: string }> {
  options.signal.throwIfAborted();
  const deadline = AbortSignal.timeout(Math.ceil(options.timeoutSeconds * 1000));
  const stall = new AbortController();
  const watch = setTimeout(() => stall.abort(), (options.stallSeconds ?? 30) * 1000);
  const signal = AbortSignal.any([options.signal, deadline, stall.signal]);
  let file: FileHandle | null = null;
  try {
    const response = await follow(url, options, signal);
    watch.refresh();
    file = await open(targetPath, "w");
    const result = await receive(response, file, options, watch);
    await file.sync();
    await file.close();
    return result;
  } catch (error) {
    await file?.close().catch(() => {});
    if (file) await rm(targetPath, { force: true });
    options.signal.throwIfAborted();
    throw explain(error, deadline.aborted || stall.signal.aborted);
  } finally {
    clearTimeout(watch);
  }
}

async function follow(url: string, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  let target = checkTarget(url, options);
  for (let hops = 0; ; hops++) {
    const response = await request(target, options, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    const location = response.headers.location;
    const isRedirect = [301, 302, 303, 307, 308].includes(status);
    if (!isRedirect || !location) throw unreachable(`answered ${status}`, `ответил ${status}`);
    if (hops === MAX_REDIRECTS) throw unreachable("redirects in circles", "переадресует по кругу");
    target = checkTarget(location, options, target);
  }
}

function request(target: URL, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const isAllowed = (address: string) =>
    isPublicAddress(address) || (options.allowInsecureLoopback === true && isLoopbackAddress(address));
  const transport = target.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    transport
      .get(target, {
        agent: false,
        lookup: guardedLookup(isAllowed, options.lookup),
        headers: { Accept: "*/*", "Accept-Encoding": "identity" },
        signal,
      })
      .once("response", resolve)
      .on("error", reject);
  });
}

async function receive(
  response: IncomingMessage,
  file: FileHandle,
  options: DownloadOptions,
  watch: NodeJS.Timeout,
): Promise<{ bytes: number; sha256: string }> {
  if ((response.headers["content-encoding"] ?? "identity") !== "identity") {
    response.destroy();
    throw new AppError("result-invalid", {
      detail: {
        en: "The file came compressed although it was asked for as it is.",
        ru: "Файл пришёл сжатым, хотя запрошен был как есть.",
      },
    });
  }
  const length = response.headers["content-length"];
  const totalBytes = length === undefined ? null : Number(length);
  const hash = createHash("sha256");
  let bytes = 0;
  if (totalBytes !== null && totalBytes > options.maxBytes) {
    response.destroy();
    throw new AppError("result-too-large");
  }
  for await (const chunk of response as AsyncIterable<Buffer>) {
    watch.refresh();
    bytes += chunk.length;
    if (bytes > options.maxBytes) throw new AppError("result-too-large");
    hash.update(chunk);
    await file.writeFile(chunk);
    options.onProgress?.({ bytes, totalBytes });
  }
  if (totalBytes !== null && bytes !== totalBytes)
    throw unreachable("broke off before the end", "оборвал передачу");
  if (bytes === 0) {
    throw new AppError("result-invalid", { detail: { en: "The file is empty.", ru: "Файл пуст." } });
  }
  return { bytes, sha256: hash.digest("hex") };
}

function unreachable(en: string, ru: string, cause?: unknown): AppError {
  return new AppError("result-unreachable", {
    detail: { en: `The address of the finished model ${en}.`, ru: `Адрес готовой модели ${ru}.` },
    cause,
  });
}

/** Translates what Node says about sockets and files. */
function explain(error: unknown, tookTooLong: boolean): AppError {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "EADDRNOTALLOWED") return new AppError("result-not-allowed", { cause: error });
  if (code === "ENOSPC" || code === "EDQUOT") return new AppError("disk-full", { cause: error });
  if (tookTooLong) return unreachable("took too long", "отвечал слишком долго", error);
  return unreachable(
    `could not be read (${code || "connection lost"})`,
    `не читается (${code || "связь прервалась"})`,
    error,
  );
}
