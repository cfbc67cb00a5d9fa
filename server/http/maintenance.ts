import type { Caller } from "../policies/caller.ts";
import { isFrozen } from "../services/system/frozen.ts";
import { refuseDuringMaintenance } from "../services/system/maintenance.ts";
import type { SystemState } from "../services/system/system-state.ts";

/**
 * Who has got in must be able to end the maintenance, and to see to the system meanwhile; what a provider tells of paid
 * work must not be lost.
 */
const ALWAYS = /^\/(?:hooks\/|api\/system\/|api\/v1\/auth\/(?:login|refresh|logout|logout-everywhere)$)/;

/** During a restore only what leads in and out of it. */
const IN_A_RESTORE = /^\/api\/(?:system\/backup\/restore(?:\/|$)|v1\/auth\/(?:login|refresh|logout)$)/;

/** Turns a change away while the product is in maintenance; reading always goes on. */
export type RefuseInMaintenance = (route: { method: string; path: string }, caller: Caller | null) => void;

export const createRefuseInMaintenance =
  (switches: Pick<SystemState, "get">): RefuseInMaintenance =>
  ({ method, path }, caller) => {
    const passes = isFrozen(switches) ? IN_A_RESTORE : ALWAYS;
    if (method !== "get" && !passes.test(path)) refuseDuringMaintenance(switches, caller);
  };
