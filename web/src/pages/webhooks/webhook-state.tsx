import type { Webhook } from "../../../../server/contract/webhook.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { timeOf } from "./time-of.ts";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import styles from "./webhooks.module.css";

/** Whether a webhook works, in a mark and in words. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { w, language } = useWebhookI18n();
  const { disabledReason, failingSince } = webhook;
  const [state, words] = disabledReason
    ? disabledReason === "paused"
      ? ["paused", w("paused")]
      : ["off", w("off")]
    : failingSince
      ? ["failing", w("failing", { time: timeOf(failingSince, language) })]
      : ["on", w("on")];
  return (
    <span className={styles.state}>
      <span className={styles.dot} data-state={state} aria-hidden="true" />
      {words}
    </span>
  );
}

/** Why nothing is sent, and the way back. */
export function DisabledNotice({ webhook, onEnable }: { webhook: Webhook; onEnable: () => void }) {
  const { w, language } = useWebhookI18n();
  const { disabledReason, disabledAt } = webhook;
  if (!disabledReason || !disabledAt) return null;
  const time = timeOf(disabledAt, language);
  const enable = <Button onClick={onEnable}>{w("enable")}</Button>;
  if (disabledReason === "paused") return <Notice actions={enable}>{w("pausedText")}</Notice>;
  return (
    <Notice tone="warn" title={w(`${disabledReason}Title`)} actions={enable}>
      {w(`${disabledReason}Text`, { time })}
    </Notice>
  );
}
