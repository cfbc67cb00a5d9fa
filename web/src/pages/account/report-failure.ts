import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { accountTranslator } from "./use-account-i18n.ts";

/** Says in passing what did not work, and why. */
export const reportFailure =
  (what: "menu.failed" | "sessions.failed" | "privacy.exportFailed") =>
  (error: unknown): void => {
    const { title, hint } = describeError(error, translator());
    showToast({ title: `${accountTranslator()(what)}: ${title}`, description: hint, tone: "error" });
  };
