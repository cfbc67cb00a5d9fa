import { API, commonHeaders } from "../api/client.ts";
import { lastMark, markRenewal } from "./renewal-mark.ts";
import { readNote, writeNote } from "./session-note.ts";

/** `refused`: only signing in helps; `away`: the server could not be asked, and the sign-in may still be good. */
export type Renewal = "renewed" | "refused" | "away";

const LOCK = "photo-to-3d.session";

let running: Promise<Renewal> | null = null;

async function renewOnce(sentAt: number): Promise<Renewal> {
  const renewedAt = Math.max(readNote()?.renewedAt ?? 0, await lastMark());
  if (renewedAt > sentAt) return "renewed";
  try {
    const response = await fetch(`${API}/auth/refresh`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", ...commonHeaders() },
      body: "{}",
    });
    if (!response.ok) return response.status === 401 ? "refused" : "away";
  } catch {
    return "away";
  }
  // One time for both: a mark later than the note would pass for a renewal since the note.
  const at = Date.now();
  // Signed out in another tab meanwhile: that stands.
  const now = readNote();
  if (now?.userId) writeNote({ ...now, renewedAt: at });
  await markRenewal(at);
  return "renewed";
}

/**
 * One tab at a time. Pages that came over plain http from another machine have no locks, a browser may refuse them,
 * and the server copes. `work` itself does not throw.
 */
function alone(work: () => Promise<Renewal>): Promise<Renewal> {
  return navigator.locks ? navigator.locks.request(LOCK, work).catch(work) : work();
}

/** Renews the sign-in, unless this or another tab has since `sentAt` (milliseconds). */
export function renew(sentAt: number): Promise<Renewal> {
  running ??= alone(() => renewOnce(sentAt)).finally(() => {
    running = null;
  });
  return running;
}
