import type { Config } from "../../config.ts";
import type { ProcessName } from "../../contract/system.ts";
import type { Records } from "../../models/records.ts";
import { type Actor, audit } from "../audit.ts";
import type { SystemState } from "./system-state.ts";

type Rhythm = { kind: "always" | "seconds" | "daily"; value: number | null };

/** What goes on by itself, how often, and whether the settings have it at all. */
const PROCESSES: Record<ProcessName, (config: Config) => { isSetUp: boolean; rhythm: Rhythm }> = {
  monitor: ({ monitoring: { intervalSeconds } }) => ({
    isSetUp: intervalSeconds !== null,
    rhythm: { kind: "seconds", value: intervalSeconds },
  }),
  backupSchedule: ({ backup: { schedule } }) => ({
    isSetUp: schedule !== null,
    rhythm: { kind: "daily", value: schedule?.dailyHour ?? null },
  }),
  housekeeping: () => ({ isSetUp: true, rhythm: { kind: "seconds", value: 86_400 } }),
  queue: () => ({ isSetUp: true, rhythm: { kind: "always", value: null } }),
};

interface Deps {
  records: Records;
  switches: SystemState;
  config: Config;
}

export const listProcesses = ({ switches, config }: Pick<Deps, "switches" | "config">) =>
  (Object.keys(PROCESSES) as ProcessName[]).map((name) => {
    const described = PROCESSES[name](config);
    return { name, isRunning: described.isSetUp && switches.get(name).running, ...described };
  });

/** Switches one of them on or off for all replicas, on record. */
export const switchProcess = (
  { records, switches }: Deps,
  { name, running, by }: { name: ProcessName; running: boolean; by: Actor },
): Promise<void> =>
  records.sequelize.transaction(async (transaction) => {
    await switches.set(name, { running }, transaction);
    const action = running ? "system.process-started" : "system.process-stopped";
    await audit(records, { action, details: { process: name }, by }, transaction);
  });
