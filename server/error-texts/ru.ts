import type { ErrorCode, ErrorText } from "../error-table.ts";
import { ACCOUNTS_RU } from "./accounts-ru.ts";
import { LINKS_RU } from "./links-ru.ts";
import { OPERATIONS_RU } from "./operations-ru.ts";
import { REQUESTS_RU } from "./requests-ru.ts";
import { WORK_RU } from "./work-ru.ts";

export const RUSSIAN: Record<ErrorCode, ErrorText> = {
  ...REQUESTS_RU,
  ...WORK_RU,
  ...LINKS_RU,
  ...ACCOUNTS_RU,
  ...OPERATIONS_RU,
};
