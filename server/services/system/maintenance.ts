import type { Maintenance, MaintenanceNotice } from "../../contract/maintenance.ts";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { Caller } from "../../policies/caller.ts";
import { type Actor, audit } from "../audit.ts";
import { isFrozen } from "./frozen.ts";
import type { SystemState } from "./system-state.ts";

interface Deps {
  records: Records;
  switches: SystemState;
}

const RETRY_SECONDS = 60;

/** A restore is a maintenance too, until it is decided. */
export function maintenanceOf(switches: Pick<SystemState, "get">): Maintenance {
  const { enabled, message } = switches.get("maintenance");
  return { enabled: enabled || isFrozen(switches), message };
}

/**
 * Switches the maintenance for all replicas, on record. Work that has begun goes on; none is begun while it is on.
 * @throws AppError `restore-pending`
 */
export async function setMaintenance(
  { records, switches }: Deps,
  { enabled, message }: Maintenance,
  by: Actor,
): Promise<void> {
  if (isFrozen(switches)) throw new AppError("restore-pending");
  await records.sequelize.transaction(async (transaction) => {
    await switches.set("maintenance", { enabled, message }, transaction);
    const action = enabled ? "maintenance.started" : "maintenance.ended";
    await audit(records, { action, details: { message }, by }, transaction);
  });
  await switches.refresh();
}

/** Whether the queue holds back what has not begun: during maintenance, or because an administrator paused it. */
export const isWorkHeld = (switches: Pick<SystemState, "get">): boolean =>
  maintenanceOf(switches).enabled || !switches.get("queue").running;

/**
 * Administrators who are signed in may go on changing things; without sign-in nobody is told apart, so all are held.
 * A restore holds them too: what was changed now would be lost, or in the way of undoing it.
 * @throws AppError `maintenance` with the administrators' message
 */
export function refuseDuringMaintenance(switches: Pick<SystemState, "get">, caller: Caller | null): void {
  const { enabled, message } = maintenanceOf(switches);
  if (!enabled) return;
  const isAdmin =
    !isFrozen(switches) &&
    caller?.role === "admin" &&
    caller.scopes.includes("admin") &&
    caller.via !== "local";
  if (isAdmin) return;
  throw new AppError("maintenance", {
    retryAfterSeconds: RETRY_SECONDS,
    ...(message && { detail: { en: message, ru: message } }),
  });
}

/** What everybody may know. */
export function maintenanceNotice(switches: Pick<SystemState, "get">): MaintenanceNotice {
  const { enabled, message } = maintenanceOf(switches);
  return enabled ? { message } : null;
}
