import { Button, ButtonLink } from "../../components/button.tsx";
import { describeError } from "../../components/describe-error.ts";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import type { Language } from "../../hooks/settings.ts";
import { formatTime } from "../../i18n/format.ts";
import { type Translate, useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import type { PhotoDraft, Sending } from "./photo-drafts.ts";
import styles from "./sending-state.module.css";
import { DUPLICATE, stopSending } from "./upload-queue.ts";

function describe(sending: Sending, t: Translate): string {
  if (sending.state === "sending")
    return t("upload.sending", { percent: Math.round(sending.fraction * 100) });
  if (sending.state === "waiting" || sending.state === "preparing" || sending.state === "arrived") {
    return t(`upload.${sending.state}`);
  }
  return "";
}

/** The next midnight UTC as a time of the visitor's day. */
const midnight = (language: Language) =>
  formatTime(new Date(new Date().setUTCHours(24, 0, 0, 0)).toISOString(), language);

/** How the sending of a photo goes; nothing before it begins. */
export function SendingState({ draft, onRetry }: { draft: PhotoDraft; onRetry: () => void }) {
  const { t, language } = useI18n();
  const { sending, file, id } = draft;

  if (sending.state === "draft" || sending.state === "sent") return null;
  if (sending.state === "failed") {
    const words = describeError(sending.error, t);
    const isDuplicate = sending.error.code === DUPLICATE;
    const earlier = sending.error.fields.find(({ path }) => path === "generationId")?.message;
    return (
      <Notice
        tone={isDuplicate ? "warn" : "error"}
        role="alert"
        title={`${t("upload.failed")}: ${words.title}`}
        small={words.requestId}
        actions={
          <>
            {earlier && (
              <ButtonLink href={paths.generation(earlier)} variant="primary">
                {t("upload.openEarlier")}
              </ButtonLink>
            )}
            <Button onClick={onRetry}>{t(isDuplicate ? "upload.payAgain" : "upload.retry")}</Button>
          </>
        }
      >
        {isDuplicate ? sending.error.suggestion : words.hint}
        {sending.error.code === "budget-exceeded" && ` ${t("upload.midnight", { time: midnight(language) })}`}
      </Notice>
    );
  }
  return (
    <div className={styles.line}>
      <div className={styles.row}>
        <p>{describe(sending, t)}</p>
        <Button onClick={() => stopSending(id)}>{t("upload.stop")}</Button>
      </div>
      <ProgressBar
        label={t("upload.progress", { name: file.name })}
        percent={sending.state === "sending" ? sending.fraction * 100 : null}
      />
    </div>
  );
}
