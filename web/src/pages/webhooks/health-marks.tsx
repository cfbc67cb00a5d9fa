import type { DeliveryState, Webhook } from "../../../../server/contract/webhook.ts";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import styles from "./webhooks.module.css";

const STATES: readonly DeliveryState[] = ["succeeded", "pending", "failed"];

/** The last messages as small marks, the newest at the right, and the same in words. */
export function HealthMarks({ deliveries }: { deliveries: Webhook["recentDeliveries"] }) {
  const { w } = useWebhookI18n();
  if (deliveries.length === 0) return <span className={styles.quiet}>{w("noHealth")}</span>;
  const parts = STATES.map((state) => ({
    state,
    count: deliveries.filter((one) => one.state === state).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => w(`healthParts.${state}`, { count }));
  const words = `${w("health", { count: deliveries.length })}: ${parts.join(", ")}`;
  return (
    <span className={styles.marks} role="img" aria-label={words} title={words}>
      {deliveries.toReversed().map(({ id, state }) => (
        <span key={id} className={styles.mark} data-state={state} />
      ))}
    </span>
  );
}
