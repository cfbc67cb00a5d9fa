import { useEffect, useState } from "react";
import { ApiError, TOO_MANY } from "../../api/api-error.ts";
import { describeError } from "../../components/describe-error.ts";
import { Notice } from "../../components/notice.tsx";
import { useNow } from "../../hooks/use-now.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

/** Where the server did not say. */
const USUAL_WAIT_SECONDS = 60;

/** Counts down to when another attempt is possible; the time is not read out every second. */
function WaitNotice({ seconds }: { seconds: number }) {
  const { a, language } = useAccountI18n();
  const [until] = useState(() => Date.now() + seconds * 1000);
  const [isOver, setIsOver] = useState(false);
  const now = useNow(!isOver);
  const left = Math.ceil((until - now) / 1000);
  useEffect(() => setIsOver(left <= 0), [left]);
  const say = (time: number) => a("wait", { time: formatDuration(time, language) });
  if (isOver) return <Notice role="status">{a("waitOver")}</Notice>;
  return (
    <Notice tone="warn" role="alert">
      <p>
        <span className="visually-hidden">{say(seconds)}</span>
        <span aria-hidden="true">{say(left)}</span>
      </p>
    </Notice>
  );
}

/** Why a form could not be sent: what the server says, or how long to wait after too many attempts. */
export function FormError({ error }: { error: Error | null }) {
  const { t } = useI18n();
  if (!error) return null;
  if (error instanceof ApiError && error.status === TOO_MANY) {
    return <WaitNotice seconds={error.retryAfterSeconds ?? USUAL_WAIT_SECONDS} />;
  }
  const { title, hint, requestId } = describeError(error, t);
  const isOurs = error instanceof ApiError && error.status >= 500;
  return (
    <Notice tone="error" role="alert" title={title} small={isOurs ? requestId : null}>
      {hint}
    </Notice>
  );
}
