import type { LookupAddress } from "node:dns";
import { mkdtempSync, rmSync } from "node:fs";
import type { LookupFunction } from "node:net";
import os from "node:os";
import path from "node:path";
import { type DownloadOptions, downloadGuarded } from "../../../server/assets/download.ts";
import { AppError } from "../../../server/errors.ts";

/** A resolver that gives these answers, one after the other, whatever it is asked; the last one stays. */
export function leadingTo(...answers: string[][]): LookupFunction {
  let asked = 0;
  return (_name, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)];
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    callback(null, found);
  };
}

/**
 * Tries to make the downloader fetch a URL, with rules as in production but for an allow-list that lets these hosts
 * through. Answers the code that refused it, or "fetched".
 */
export async function attempt(
  url: string,
  allowedHosts: string[],
  changes: Partial<DownloadOptions> = {},
): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ssrf-"));
  try {
    await downloadGuarded(url, path.join(folder, "file"), {
      allowedHosts,
      maxBytes: 1_000_000,
      timeoutSeconds: 10,
      pauseSeconds: 0.01,
      signal: AbortSignal.timeout(20_000),
      ...changes,
    });
    return "fetched";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
