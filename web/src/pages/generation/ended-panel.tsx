import type { Generation } from "../../../../server/contract/generation.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { formatRoubles, useMoneyI18n } from "../../components/money/use-money-i18n.ts";
import { Notice } from "../../components/notice.tsx";
import { formatDuration } from "../../i18n/format.ts";
import { type Translate, useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import styles from "./generation-page.module.css";
import { endedCost, keptUntil } from "./money-words.ts";

interface EndedPanelProps {
  generation: Generation;
  busy: boolean;
  onRetry: () => void;
  onCancel: () => void;
}

function secondsTaken({ createdAt, finishedAt }: Generation): number | null {
  return finishedAt ? (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000 : null;
}

/** Says what a retry does, and whether it is free. */
function retryKey({ retry }: Generation) {
  if (retry?.way === "finish") return "generation.takeKept";
  if (retry?.way === "fetch") return "generation.fetchAgain";
  return retry?.mayCost ? "generation.payAgain" : "generation.retry";
}

function canceledHint({ keptResult, retry }: Generation, t: Translate): string {
  if (keptResult) return t("generation.keptHint");
  return t(retry?.way === "fetch" ? "generation.fetchHint" : "generation.canceledHint");
}

/** How it ended, or why it stands still, and what can be done now. */
export function EndedPanel({ generation, busy, onRetry, onCancel }: EndedPanelProps) {
  const { t, language } = useI18n();
  const { status, error, modelId } = generation;
  const { m } = useMoneyI18n();
  const seconds = secondsTaken(generation);
  const cost = endedCost(generation, m, language);
  const roubles = generation.expectedCost ? formatRoubles(generation.expectedCost, language) : null;
  const mayCost = roubles && !generation.keptResult ? m("canceledMayCost", { price: roubles }) : null;
  const isGoingOn = status === "canceled" && generation.retry?.way === "fetch";
  const isDamaged = error?.code === "result-invalid";
  const attempts = t("generation.attempts", { count: generation.attempts });
  const retryLabel = busy ? t("generation.retrying") : isGoingOn ? m("goOn") : t(retryKey(generation));
  const isWorthRetrying = error?.retryable !== false || generation.retry?.way !== "generate";
  const another = <ButtonLink href={paths.create}>{t("generation.newPhoto")}</ButtonLink>;
  const adjust = <ButtonLink href={paths.again(generation.id)}>{t("generation.adjust")}</ButtonLink>;

  return (
    <div className={styles.panel}>
      {status === "succeeded" && (
        <>
          <Notice tone="good" role="status" title={t("generation.ready")} small={cost}>
            {seconds === null ? null : t("generation.took", { time: formatDuration(seconds, language) })}
          </Notice>
          <div className={styles.buttons}>
            {modelId && (
              <ButtonLink href={paths.model(modelId)} variant="primary">
                {t("generation.open")}
              </ButtonLink>
            )}
            {another}
          </div>
        </>
      )}
      {status === "canceled" && (
        <>
          <Notice
            role="status"
            title={t("generation.canceled")}
            small={[!mayCost && cost, keptUntil(generation, m, language)].filter(Boolean).join(" ")}
          >
            {mayCost ?? canceledHint(generation, t)}
          </Notice>
          <div className={styles.buttons}>
            <Button disabled={busy} onClick={onRetry}>
              {retryLabel}
            </Button>
            {adjust}
            {another}
          </div>
        </>
      )}
      {status === "failed" && (
        <>
          <Notice
            tone="error"
            role="alert"
            title={isDamaged ? m("damaged") : (error?.message ?? t("generation.failed"))}
            small={isDamaged ? `${attempts}. ${error.message}` : attempts}
          >
            <p>{error?.suggestion ?? t("errors.unexpectedHint")}</p>
            {generation.retry?.way === "fetch" && <p>{t("generation.fetchHint")}</p>}
            {cost && <p>{cost}</p>}
          </Notice>
          <div className={styles.buttons}>
            {isWorthRetrying && (
              <Button variant="primary" disabled={busy} onClick={onRetry}>
                {retryLabel}
              </Button>
            )}
            <ButtonLink href={paths.again(generation.id)} variant={isWorthRetrying ? undefined : "primary"}>
              {t("generation.adjust")}
            </ButtonLink>
            {another}
          </div>
        </>
      )}
      {status === "needs-confirmation" && (
        <>
          <Notice tone="warn" role="alert" title={t("generation.status.needs-confirmation")}>
            {roubles ? m("confirm", { price: roubles }) : t("generation.confirmNote")}
          </Notice>
          <div className={styles.buttons}>
            <Button disabled={busy} onClick={onRetry}>
              {busy ? retryLabel : t("generation.acceptCharge")}
            </Button>
            <Button variant="quiet" disabled={busy} onClick={onCancel}>
              {t("generation.cancel")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
