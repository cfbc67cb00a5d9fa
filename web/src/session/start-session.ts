import type { QueryClient } from "@tanstack/react-query";
import { getMe } from "../api/account.ts";
import { ApiError } from "../api/api-error.ts";
import { guardSession, probe } from "./keep-fresh.ts";
import { renew } from "./renew.ts";
import { beginSession, endSession, rememberIn } from "./session-changes.ts";
import { keepsNotes, onNoteOfOtherTab, readNote, type SessionNote } from "./session-note.ts";
import { session } from "./session-store.ts";

/** Without notes only the server knows. */
async function ask(mayRenew = true): Promise<void> {
  try {
    beginSession((await getMe()).id);
  } catch (error) {
    const wasRefused = error instanceof ApiError && error.status === 401;
    if (wasRefused && mayRenew && (await renew(Date.now())) === "renewed") return ask(false);
    endSession("new");
  }
}

function hear(note: SessionNote | null): void {
  const state = session.get();
  if (note?.userId) {
    if (state.kind !== "in" || state.userId !== note.userId) beginSession(note.userId);
  } else if (state.kind === "in") {
    if (note && !note.hasEnded) endSession("left-elsewhere");
    else void probe();
  }
}

let started = false;

/** Finds out who has signed in, by what this browser noted, and follows its other tabs. Safe to repeat. */
export function startSession(client: QueryClient): void {
  if (started) return;
  started = true;
  rememberIn(client);
  guardSession();
  onNoteOfOtherTab(hear);
  const note = readNote();
  if (note?.userId) beginSession(note.userId);
  else if (keepsNotes()) endSession(note?.hasEnded ? "ended" : "new");
  else void ask();
}
