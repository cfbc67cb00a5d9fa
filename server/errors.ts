import type { LocalizedText } from "./contract/common.ts";
import { ERROR_TABLE, type ErrorCode } from "./error-table.ts";
import { ENGLISH } from "./error-texts/en.ts";
import { RUSSIAN } from "./error-texts/ru.ts";

export type { ErrorCode } from "./error-table.ts";

interface AppErrorOptions {
  /** What happened, for people, in both languages. Without it the table's own text is used. */
  detail?: LocalizedText;
  /** The same for operators, with the cure; for everybody else it would say too much. */
  operatorDetail?: LocalizedText;
  /** Which fields were wrong. */
  errors?: { path: string; message: string }[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** An error that the product knows. Everything else that is thrown is a bug and answers a bland 500. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: LocalizedText;
  /** For logs, records and commands of operators; never in an answer. */
  readonly operatorDetail: LocalizedText;
  readonly errors: { path: string; message: string }[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const detail = options.detail ?? { en: ENGLISH[code].detail, ru: RUSSIAN[code].detail };
    const operatorDetail = options.operatorDetail ?? detail;
    super(`${code}: ${operatorDetail.en}`, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.detail = detail;
    this.operatorDetail = operatorDetail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get entry() {
    return ERROR_TABLE[this.code];
  }
}
