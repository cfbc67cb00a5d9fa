import { ApiError, TOO_MANY } from "../api/api-error.ts";
import type { Translate } from "../i18n/use-i18n.ts";

export interface ErrorWords {
  title: string;
  hint: string;
  /** For the log's reader; null where no request was answered. */
  requestId: string | null;
}

const OWN_CODES = ["offline", "unreachable", "canceled"] as const;

/** When to come back after too many requests; the server names only the header, which nobody sees here. */
function whenAgain(seconds: number, t: Translate): string {
  const minutes = Math.ceil(seconds / 60);
  return seconds < 120
    ? t("errors.waitSeconds", { count: seconds })
    : t("errors.waitMinutes", { count: minutes });
}

/** Says an error in the visitor's language. The server words its own errors; the rest is worded here. */
export function describeError(error: unknown, t: Translate): ErrorWords {
  if (!(error instanceof ApiError)) {
    return { title: t("errors.unexpected"), hint: t("errors.unexpectedHint"), requestId: null };
  }
  const own = OWN_CODES.find((code) => code === error.code);
  if (own) return { title: t(`errors.${own}`), hint: t(`errors.${own}Hint`), requestId: null };
  const requestId = error.requestId ? t("errors.requestId", { id: error.requestId }) : null;
  if (error.code === "unexpected") {
    return { title: t("errors.unexpected"), hint: t("errors.unexpectedHint"), requestId };
  }
  if (error.status === TOO_MANY && error.retryAfterSeconds) {
    return { title: error.message, hint: whenAgain(error.retryAfterSeconds, t), requestId };
  }
  const fields = error.fields.map((field) => field.message).join(" ");
  return { title: error.message, hint: [fields, error.suggestion].filter(Boolean).join(" "), requestId };
}
