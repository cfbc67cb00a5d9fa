import { API } from "../api/client.ts";
import { guardRequests, send } from "../api/send.ts";
import { type Renewal, renew } from "./renew.ts";
import { endSession } from "./session-changes.ts";
import { readNote } from "./session-note.ts";
import { session } from "./session-store.ts";

/** A sign-in is good for 15 minutes; pictures, downloads and streams should never meet the end of it. */
const RENEW_AFTER_MS = 10 * 60_000;
const LOOK_EVERY_MS = 30_000;

/** Answers that a renewed sign-in may change. */
const MENDABLE = new Set(["sign-in-required", "token-expired", "token-invalid"]);

const isIn = () => session.get().kind === "in";

async function renewAndTell(sentAt: number): Promise<Renewal> {
  const renewal = await renew(sentAt);
  if (renewal === "refused") endSession("ended");
  return renewal;
}

async function ready(): Promise<void> {
  const note = readNote();
  if (!isIn() || !note || Date.now() - note.renewedAt < RENEW_AFTER_MS) return;
  await renewAndTell(note.renewedAt);
}

async function mend(code: string, sentAt: number): Promise<boolean> {
  return MENDABLE.has(code) && isIn() && (await renewAndTell(sentAt)) === "renewed";
}

export const probe = (): Promise<unknown> => send(`${API}/auth/me`).catch(() => undefined);

/** A picture that was refused is fetched again, once. */
function mendPicture({ target }: Event): void {
  if (!(target instanceof HTMLImageElement) || target.dataset.mended === target.src || !isIn()) return;
  if (!target.src.startsWith(`${location.origin}/api/`)) return;
  const { src } = target;
  target.dataset.mended = src;
  void probe().then(() => {
    if (target.src === src) target.src = src;
  });
}

/** Keeps the sign-in fresh for every request from now on. */
export function guardSession(): void {
  guardRequests({ ready, mend, probe });
}

/** Renews the sign-in ahead of its end while the page is in sight. @returns what ends that */
export function keepFresh(): () => void {
  const look = () => {
    if (!document.hidden) void ready();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  window.addEventListener("pageshow", look);
  document.addEventListener("error", mendPicture, true);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", look);
    window.removeEventListener("pageshow", look);
    document.removeEventListener("error", mendPicture, true);
  };
}
