import { type Lease, renew } from "../models/generation-state.ts";
import type { Records } from "../models/records.ts";

const RENEW_EVERY_MS = 2000;

/** Someone else owns the row now: a person canceled it, or another worker took it over. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/**
 * Keeps a lease alive while `work` runs. Its signal aborts with `LeaseLost` within two seconds after the row was
 * changed by someone else, and with the reason of `parent` when that aborts.
 */
export async function holdLease<T>(
  records: Records,
  lease: Lease,
  parent: AbortSignal | null,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const signal = parent ? AbortSignal.any([parent, lost.signal]) : lost.signal;
  let renewal: Promise<void> | null = null;
  const timer = setInterval(() => {
    renewal ??= renew(records, lease)
      .catch(() => true)
      .then((held) => {
        renewal = null;
        if (!held) lost.abort(new LeaseLost());
      });
  }, RENEW_EVERY_MS);
  try {
    return await work(signal);
  } finally {
    clearInterval(timer);
    await renewal;
  }
}
