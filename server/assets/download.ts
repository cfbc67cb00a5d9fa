import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BrokenOff, explain } from "./download-errors.ts";
import { findPart, forgetPart, keepPart, type Part } from "./download-part.ts";
import { receive, type Transfer, type TransferRules } from "./download-transfer.ts";

export interface DownloadOptions extends TransferRules {
  /** For the whole download. */
  timeoutSeconds: number;
  /** Mean pause before the first of the repeats after a broken connection, doubled each time; default 0.3. */
  pauseSeconds?: number;
  /** Leaves a beginning that a later call with the same path can go on from. */
  keepPart?: boolean;
}

/** How often a download goes on after its connection broke. */
const MAX_REPEATS = 3;

/**
 * Fetches an address that somebody else chose into a file: only https, only allowed hosts, only public addresses
 * (checked at connect), redirects by the same rules, without any credentials. After a broken connection it asks for
 * the rest where the host can prove that it is the rest of the same body, else begins anew. The file is complete
 * and synced when the promise resolves, and gone (or, with `keepPart`, a noted part) when it rejects.
 *
 * Throws AppError `result-not-allowed`, `result-unreachable` (AddressGone where the address expired),
 * `result-too-large`, `result-invalid` or `disk-full`; throws the reason of `signal` when that aborts.
 */
export async function downloadGuarded(
  url: string,
  targetPath: string,
  options: DownloadOptions,
): Promise<{ bytes: number; sha256: string }> {
  options.signal.throwIfAborted();
  const deadline = AbortSignal.timeout(Math.ceil(options.timeoutSeconds * 1000));
  const known = options.keepPart ? await findPart(targetPath) : null;
  const file = await open(targetPath, known ? "r+" : "w").catch((error) => {
    throw explain(error, false);
  });
  const state: Transfer = {
    url,
    options,
    deadline,
    file,
    part: known,
    hash: createHash("sha256"),
    received: 0,
  };
  let isWhole = false;
  let isWorthKeeping = false;
  try {
    if (known) for await (const chunk of createReadStream(targetPath)) state.hash.update(chunk);
    for (let repeats = 0; !isWhole; repeats++) {
      await receive(state).then(
        () => {
          isWhole = true;
        },
        (error) => pauseOrThrow(error, repeats, state, options),
      );
    }
    await file.sync();
    return { bytes: state.part!.bytes, sha256: state.hash.digest("hex") };
  } catch (error) {
    isWhole = false;
    const explained = explain(error, deadline.aborted);
    isWorthKeeping = options.signal.aborted || explained.code === "result-unreachable";
    options.signal.throwIfAborted();
    throw explained;
  } finally {
    await file.close().catch(() => {});
    await leave(targetPath, isWhole, options.keepPart && isWorthKeeping ? state.part : null);
  }
}

/** Waits before the next connection where one may help; else throws what ends the download. */
async function pauseOrThrow(
  error: unknown,
  repeats: number,
  { deadline }: Transfer,
  options: DownloadOptions,
): Promise<void> {
  const signal = AbortSignal.any([options.signal, deadline]);
  if (signal.aborted || repeats === MAX_REPEATS || !(explain(error, false) instanceof BrokenOff)) throw error;
  const pauseMs = (options.pauseSeconds ?? 0.3) * 1000 * 2 ** repeats * (0.5 + Math.random());
  await sleep(pauseMs, undefined, { signal });
}

/** Tidies up: a whole file stays, a part that can be gone on with stays with its note, everything else goes. */
async function leave(path: string, isWhole: boolean, part: Part | null): Promise<void> {
  if (!isWhole && part?.validator && part.bytes > 0) {
    try {
      return await keepPart(path, part);
    } catch {
      // Then it is not worth keeping.
    }
  }
  await forgetPart(path);
  if (!isWhole) await rm(path, { force: true });
}
