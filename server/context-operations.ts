import type { Logger } from "./logger.ts";
import type { Records } from "./models/records.ts";
import type { Notices } from "./queue/notices.ts";
import { createSystemState } from "./services/system/system-state.ts";

interface Parts {
  records: Records;
  notices: Notices;
  logger: Logger;
}

/** What operators see and switch; it is taken down with `building`. */
export async function startOperations({ records, notices, logger }: Parts, building: AsyncDisposableStack) {
  const switches = building.adopt(await createSystemState({ records, notices, logger }), (part) =>
    part.dispose(),
  );
  return { switches };
}
