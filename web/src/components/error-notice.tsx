import { useI18n } from "../i18n/use-i18n.ts";
import { Button } from "./button.tsx";
import { describeError } from "./describe-error.ts";
import { Notice } from "./notice.tsx";

interface ErrorNoticeProps {
  error: unknown;
  /** What could not be done; the error's own title by default. */
  title?: string;
  onRetry?: () => void;
}

/** An error in plain words, with what to do next and a way to try again. */
export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  const { t } = useI18n();
  const words = describeError(error, t);
  return (
    <Notice
      tone="error"
      role="alert"
      title={title ?? words.title}
      small={words.requestId}
      actions={onRetry && <Button onClick={onRetry}>{t("app.tryAgain")}</Button>}
    >
      {title ? `${words.title}. ${words.hint}`.replace("..", ".") : words.hint}
    </Notice>
  );
}
