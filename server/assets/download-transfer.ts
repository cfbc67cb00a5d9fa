import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import { brokenOff, unreachable } from "./download-errors.ts";
import { isRestOf, newPart, type Part, rangeHeaders } from "./download-part.ts";
import { type RequestRules, requestGuarded } from "./download-request.ts";

export interface TransferRules extends RequestRules {
  /** Of the file, and of all that is received for it. */
  maxBytes: number;
  /** Longest silence of the other side; default 30. */
  stallSeconds?: number;
  signal: AbortSignal;
  onProgress?(progress: { bytes: number; totalBytes: number | null }): void;
}

/** A download between its connections. */
export interface Transfer {
  readonly url: string;
  readonly options: TransferRules;
  readonly deadline: AbortSignal;
  readonly file: FileHandle;
  part: Part | null;
  hash: Hash;
  /** Bytes that came over all connections. */
  received: number;
}

/** One connection: the rest of the body, or the whole of it. Throws as `downloadGuarded`, and what sockets and files throw. */
export async function receive(state: Transfer): Promise<void> {
  const { options } = state;
  const stall = new AbortController();
  const watch = setTimeout(
    () => stall.abort(brokenOff("took too long", "отвечал слишком долго")),
    (options.stallSeconds ?? 30) * 1000,
  );
  try {
    const signal = AbortSignal.any([options.signal, state.deadline, stall.signal]);
    const headersOf = (target: URL) => rangeHeaders(state.part, target);
    const { response, target } = await requestGuarded(state.url, options, headersOf, signal);
    watch.refresh();
    await place(state, response, target);
    for await (const chunk of chunksOf(response)) {
      watch.refresh();
      await append(state, chunk);
    }
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    clearTimeout(watch);
  }
  const { bytes, totalBytes } = state.part!;
  if (totalBytes !== null && bytes !== totalBytes) {
    throw brokenOff("broke off before the end", "оборвал передачу");
  }
  if (bytes === 0) {
    throw new AppError("result-invalid", { detail: { en: "The file is empty.", ru: "Файл пуст." } });
  }
}

/** What comes of a body; where its connection breaks, first what had come by then, and then the error. */
async function* chunksOf(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    // The iterator of a broken stream leaves behind what waited in it.
    const rest: Buffer | null = response.read();
    if (rest) yield rest;
    throw error;
  }
}

/** Finds out where an answer belongs: behind the part, or at the beginning of an empty file. Throws where nowhere. */
async function place(state: Transfer, response: IncomingMessage, target: URL): Promise<void> {
  const { part, file } = state;
  try {
    refuseCompressed(response);
    const status = response.statusCode ?? 0;
    if (status === 206 && part && isRestOf(part, response, target)) return refuseTooLarge(state, part);
    if (status !== 200 && !part) throw unreachable(`answered ${status}`, `ответил ${status}`);
    await file.truncate(0);
    state.hash = createHash("sha256");
    state.part = status === 200 ? newPart(response, target) : null;
    if (!state.part) throw brokenOff("does not give the rest of the file", "не отдаёт остаток файла");
    refuseTooLarge(state, state.part);
  } catch (error) {
    response.destroy();
    throw error;
  }
}

function refuseTooLarge({ options, received }: Transfer, { bytes, totalBytes }: Part): void {
  if (totalBytes === null) return;
  if (totalBytes > options.maxBytes) throw new AppError("result-too-large");
  if (received + totalBytes - bytes > options.maxBytes) throw brokeTooOften();
}

async function append(state: Transfer, chunk: Buffer): Promise<void> {
  const part = state.part!;
  const { options, file } = state;
  state.received += chunk.length;
  if (part.bytes + chunk.length > options.maxBytes) throw new AppError("result-too-large");
  if (state.received > options.maxBytes) throw brokeTooOften();
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, part.bytes + done);
    done += bytesWritten;
  }
  state.hash.update(chunk);
  part.bytes += chunk.length;
  options.onProgress?.({ bytes: part.bytes, totalBytes: part.totalBytes });
}

const brokeTooOften = () => unreachable("broke off too often", "слишком часто обрывал передачу");

function refuseCompressed({ headers }: IncomingMessage): void {
  if ((headers["content-encoding"] ?? "identity") === "identity") return;
  throw new AppError("result-invalid", {
    detail: {
      en: "The file came compressed although it was asked for as it is.",
      ru: "Файл пришёл сжатым, хотя запрошен был как есть.",
    },
  });
}
