import { createHash } from "node:crypto";
import { pipeline } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "../errors.ts";

export type Bytes = AsyncIterable<Uint8Array>;

export interface Sum {
  bytes: number;
  /** 64 hexadecimal digits. */
  sha256: string;
}

/** Passes bytes on and tells at the end what they were. */
export async function* measured(source: Bytes, tell: (sum: Sum) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.length;
    yield chunk;
  }
  tell({ bytes, sha256: hash.digest("hex") });
}

/** Reads to the end, keeping nothing. */
export async function sumOf(source: Bytes): Promise<Sum> {
  let sum: Sum | undefined;
  for await (const _ of measured(source, (found) => {
    sum = found;
  }));
  return sum as Sum;
}

/** Passes bytes on and throws `backup-damaged` in the end where they weren't those, or as soon as there are more. */
export async function* checked(source: Bytes, expected: Sum, name: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const whole = measured(source, (found) => {
    if (found.bytes !== expected.bytes || found.sha256 !== expected.sha256) throw damaged(name);
  });
  for await (const chunk of whole) {
    bytes += chunk.length;
    if (bytes > expected.bytes) throw damaged(name);
    yield chunk;
  }
}

export const damaged = (name: string, cause?: unknown) =>
  new AppError("backup-damaged", {
    detail: {
      en: `The bytes of ${name} are not those that were written.`,
      ru: `Содержимое ${name} не то, что было записано.`,
    },
    cause,
  });

/** Unpacks gzip and insists on the end of `source`: whoever checks it there must be asked. */
export async function* gunzipped(source: Bytes, name: string): AsyncGenerator<Uint8Array> {
  let isRead = false;
  async function* whole() {
    yield* source;
    isRead = true;
  }
  const gunzip = pipeline(whole(), createGunzip(), () => undefined);
  try {
    yield* gunzip;
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith("Z_")) throw damaged(name, error);
    throw error;
  }
  // Bytes behind the end of the gzip stream are not asked for.
  if (!isRead) throw damaged(name);
}

/** Shares out a pace: whoever takes bytes waits as long as they cost. */
export class Throttle {
  readonly #bytesPerSecond: number | null;
  #freeAt = 0;

  constructor(bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (!this.#bytesPerSecond) return;
    const now = performance.now();
    const startAt = Math.max(now, this.#freeAt);
    this.#freeAt = startAt + (bytes / this.#bytesPerSecond) * 1000;
    if (startAt > now) await sleep(startAt - now, undefined, { signal });
  }

  async *pace(source: Bytes, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      await this.take(chunk.length, signal);
      yield chunk;
    }
  }
}
