import type { QueryClient } from "@tanstack/react-query";
import { photoDrafts } from "../pages/create/photo-drafts.ts";
import { dropPhotos } from "../pages/create/upload-queue.ts";
import { readNote, writeNote } from "./session-note.ts";
import { type OutReason, session } from "./session-store.ts";

let client: QueryClient | null = null;
/** Whose photos are still in this tab. */
let lastUser: string | null = null;

/** Where this tab remembers what it read of the server. */
export function rememberIn(queries: QueryClient): void {
  client = queries;
}

function forgetPhotos(): void {
  dropPhotos(photoDrafts.get().map(({ id }) => id));
}

/**
 * Nobody is signed in any more. What was read of the server is forgotten; photos that were not sent yet wait for
 * the same person where the sign-in only ran out.
 */
export function endSession(why: OutReason): void {
  if (session.get().kind === "out") return;
  if (why === "new") writeNote(null);
  else writeNote({ userId: null, renewedAt: 0, hasEnded: why === "ended" });
  if (why !== "ended" && why !== "new") forgetPhotos();
  session.update(() => ({ kind: "out", why }));
  client?.clear();
}

/** Somebody has just signed in, here or in another tab. */
export function beginSession(userId: string): void {
  if (lastUser && lastUser !== userId) forgetPhotos();
  lastUser = userId;
  if (readNote()?.userId !== userId) writeNote({ userId, renewedAt: Date.now() });
  client?.clear();
  session.update(() => ({ kind: "in", userId }));
}
