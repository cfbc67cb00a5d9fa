import type { Caller } from "../policies/caller.ts";
import { refuseDuringMaintenance } from "../services/system/maintenance.ts";
import type { SystemState } from "../services/system/system-state.ts";

/**
 * Who has got in must be able to end the maintenance, and to see to the system meanwhile; what a provider tells of paid
 * work must not be lost.
 */
const ALWAYS = /^\/(?:hooks\/|api\/system\/|api\/v1\/auth\/(?:login|refresh|logout|logout-everywhere)$)/;

/** Turns a change away while the product is in maintenance; reading always goes on. */
export type RefuseInMaintenance = (route: { method: string; path: string }, caller: Caller | null) => void;

export const createRefuseInMaintenance =
  (switches: Pick<SystemState, "get">): RefuseInMaintenance =>
  ({ method, path }, caller) => {
    if (method !== "get" && !ALWAYS.test(path)) refuseDuringMaintenance(switches, caller);
  };
