import type { Generation } from "../../../../server/contract/generation.ts";
import { Button } from "../../components/button.tsx";
import { awaitsSign, describeProgress } from "../../components/generation-status.ts";
import { PauseNotice } from "../../components/money/pause-notice.tsx";
import { useMoneyI18n } from "../../components/money/use-money-i18n.ts";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useFeedState } from "../../hooks/use-generation-feed.ts";
import { useNow } from "../../hooks/use-now.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./generation-page.module.css";
import { runningCost } from "./money-words.ts";
import { StageList } from "./stage-list.tsx";

interface RunningPanelProps {
  generation: Generation;
  canceling: boolean;
  onCancel: () => void;
}

/** How far it is: a percentage where the provider gives one, and nothing invented where it does not. */
export function RunningPanel({ generation, canceling, onCancel }: RunningPanelProps) {
  const { t, language } = useI18n();
  const feed = useFeedState();
  const now = useNow(true);
  const { progress, etaSeconds, createdAt, pause } = generation;
  const { m } = useMoneyI18n();
  const waiting = generation.status === "queued";
  const unsure = awaitsSign(generation);
  const cost = runningCost(generation, m, language);
  const elapsed = (now - new Date(createdAt).getTime()) / 1000;

  return (
    <div className={styles.panel}>
      <div className={styles.now}>
        <p role="status">{describeProgress(generation, t)}</p>
        {!waiting && !unsure && (
          <p className={styles.percent}>
            {progress === null
              ? t("generation.working")
              : t("generation.percent", { percent: Math.round(progress) })}
          </p>
        )}
      </div>
      <ProgressBar label={t("generation.progress")} percent={waiting ? 0 : progress} />
      <p className={styles.times}>
        <span>{t("generation.elapsed", { time: formatDuration(elapsed, language) })}</span>
        {etaSeconds !== null && !unsure && (
          <span>{t("generation.eta", { time: formatDuration(etaSeconds, language) })}</span>
        )}
      </p>
      {pause && (
        <PauseNotice
          provider={generation.provider}
          pause={pause}
          small={t("generation.paused", {
            time: formatDuration(Math.max(1, (Date.parse(pause.until) - now) / 1000), language),
          })}
        />
      )}
      {unsure && (
        <Notice tone="warn" role="status" title={m("sign")}>
          {m("signHint")}
        </Notice>
      )}
      {generation.tries > 1 && !unsure && (
        <p className={styles.soft}>{m("tries", { count: generation.tries })}</p>
      )}
      <StageList generation={generation} />
      {cost && <p className={styles.soft}>{cost}</p>}
      <p className={styles.soft}>
        {feed === "lost" ? t("generation.reconnecting") : t("generation.mayLeave")}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onCancel} disabled={canceling}>
          {canceling ? t("generation.canceling") : t("generation.cancel")}
        </Button>
      </div>
    </div>
  );
}
