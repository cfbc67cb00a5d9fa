import type { ErrorCode, ErrorText } from "../error-table.ts";
import { ACCOUNTS_EN } from "./accounts-en.ts";
import { LINKS_EN } from "./links-en.ts";
import { OPERATIONS_EN } from "./operations-en.ts";
import { REQUESTS_EN } from "./requests-en.ts";
import { WORK_EN } from "./work-en.ts";

export const ENGLISH: Record<ErrorCode, ErrorText> = {
  ...REQUESTS_EN,
  ...WORK_EN,
  ...LINKS_EN,
  ...ACCOUNTS_EN,
  ...OPERATIONS_EN,
};
