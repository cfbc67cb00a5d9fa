import type { LogLevelName } from "../../../../../server/contract/logs.ts";

/** From the gravest; here once more, because the contract would bring its schemas along. */
export const LEVELS = ["error", "warn", "info", "debug"] as const satisfies readonly LogLevelName[];
