import type { LogLevel, LogLevelName } from "../../contract/logs.ts";
import type { Records } from "../../models/records.ts";
import type { MemberActor } from "../audit.ts";
import { audit } from "../audit.ts";
import type { SystemState } from "./system-state.ts";

interface Deps {
  /** The root of all loggers of this process; its transports without a level of their own follow it. */
  logger: { level: string };
  switches: SystemState;
}

/** From now on the log has the level that administrators chose, and its own one where they chose none. */
export function followLogLevel({ logger, switches }: Deps) {
  const configured = logger.level as LogLevelName;
  const apply = () => {
    const level = switches.get("logLevel") ?? configured;
    // Each set reaches all transports.
    if (logger.level !== level) logger.level = level;
  };
  apply();
  const unwatch = switches.watch(apply);
  return {
    read: (): LogLevel => {
      const chosen = switches.get("logLevel");
      return { level: chosen ?? configured, configured, isChosen: chosen !== null };
    },
    dispose() {
      unwatch();
      logger.level = configured;
    },
  };
}

/** For all replicas; null gives it back to the settings. */
export async function chooseLogLevel(
  { records, switches }: { records: Records; switches: SystemState },
  level: LogLevelName | null,
  by: MemberActor,
): Promise<void> {
  const before = switches.get("logLevel");
  await records.sequelize.transaction(async (transaction) => {
    await switches.set("logLevel", level, transaction);
    await audit(records, { action: "system.log-level-changed", details: { before, level }, by }, transaction);
  });
  // The transaction's own hook tells this process a little later.
  await switches.refresh();
}
