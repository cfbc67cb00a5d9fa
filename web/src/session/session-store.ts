import { createStore } from "../hooks/store.ts";

/**
 * Why somebody has to sign in: `new` nobody had; `ended` the sign-in ran out or was revoked; `left` by the person;
 * `left-elsewhere` in another tab; `everywhere` on all devices; `deleted` the account is gone.
 */
export type OutReason = "new" | "ended" | "left" | "left-elsewhere" | "everywhere" | "deleted";

export type SessionState =
  | { kind: "asking" }
  | { kind: "in"; userId: string }
  | { kind: "out"; why: OutReason };

/** Whether somebody has signed in here. */
export const session = createStore<SessionState>({ kind: "asking" });
