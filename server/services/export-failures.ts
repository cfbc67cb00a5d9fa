import { AppError } from "../errors.ts";

const MEMORY_MS = 300_000;
const MAX_REMEMBERED = 1000;

/**
 * What could not be made lately, so that a heavy file that fails does not take a thread for a minute again with each
 * visitor of a share link. Kept in this process for five minutes; `state` is what of the model the file depends on.
 */
export class ExportFailures {
  readonly #known = new Map<string, { state: string; error: unknown; until: number }>();

  /** @throws the error that this file failed with */
  check(key: string, state: string): void {
    const failure = this.#known.get(key);
    if (!failure) return;
    if (failure.state === state && failure.until > performance.now()) throw failure.error;
    this.#known.delete(key);
  }

  /** Notes an error that would come again; a full disk or too much to do passes. */
  note(key: string, state: string, error: unknown): void {
    if (!(error instanceof AppError) || error.code !== "export-failed") return;
    this.#known.delete(key);
    this.#known.set(key, { state, error, until: performance.now() + MEMORY_MS });
    if (this.#known.size > MAX_REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
  }
}
