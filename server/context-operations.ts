import { type RootLogger, tailOf } from "./logger.ts";
import type { Records } from "./models/records.ts";
import type { Notices } from "./queue/notices.ts";
import { followLogLevel } from "./services/system/log-level.ts";
import { createSystemState } from "./services/system/system-state.ts";

interface Parts {
  records: Records;
  notices: Notices;
  logger: RootLogger;
}

/** What operators see and switch; it is taken down with `building`. */
export async function startOperations({ records, notices, logger }: Parts, building: AsyncDisposableStack) {
  const switches = building.adopt(await createSystemState({ records, notices, logger }), (part) =>
    part.dispose(),
  );
  const level = building.adopt(followLogLevel({ logger, switches }), (part) => part.dispose());
  return { switches, logs: { tail: tailOf(logger), level } };
}
