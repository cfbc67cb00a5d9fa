import type { Maintenance, MaintenanceNotice } from "../../contract/maintenance.ts";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { Caller } from "../../policies/caller.ts";
import { type Actor, audit } from "../audit.ts";
import type { SystemState } from "./system-state.ts";

interface Deps {
  records: Records;
  switches: SystemState;
}

const RETRY_SECONDS = 60;

/** Switches the maintenance for all replicas, on record. Work that has begun goes on; none is begun while it is on. */
export async function setMaintenance(
  { records, switches }: Deps,
  { enabled, message }: Maintenance,
  by: Actor,
): Promise<void> {
  await records.sequelize.transaction(async (transaction) => {
    const before = switches.get("maintenance");
    await switches.set("maintenance", { ...before, enabled, message }, transaction);
    const action = enabled ? "maintenance.started" : "maintenance.ended";
    await audit(records, { action, details: { message }, by }, transaction);
  });
  await switches.refresh();
}

/** Whether the queue holds back what has not begun: during maintenance, or because an administrator paused it. */
export const isWorkHeld = (switches: Pick<SystemState, "get">): boolean =>
  switches.get("maintenance").enabled || !switches.get("queue").running;

/**
 * Administrators who are signed in may go on changing things; without sign-in nobody is told apart, so all are held.
 * @throws AppError `maintenance` with the administrators' message
 */
export function refuseDuringMaintenance(switches: Pick<SystemState, "get">, caller: Caller | null): void {
  const { enabled, message } = switches.get("maintenance");
  if (!enabled) return;
  const isAdmin = caller?.role === "admin" && caller.scopes.includes("admin") && caller.via !== "local";
  if (isAdmin) return;
  throw new AppError("maintenance", {
    retryAfterSeconds: RETRY_SECONDS,
    ...(message && { detail: { en: message, ru: message } }),
  });
}

/** What everybody may know. */
export function maintenanceNotice(switches: Pick<SystemState, "get">): MaintenanceNotice {
  const { enabled, message } = switches.get("maintenance");
  return enabled ? { message } : null;
}
