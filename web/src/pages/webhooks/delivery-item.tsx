import { useState } from "react";
import type { WebhookAttempt, WebhookDelivery } from "../../../../server/contract/webhook.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useMayMake } from "../../session/role.ts";
import { eventName } from "./event-name.ts";
import { useWebhookActions } from "./use-webhook-actions.ts";
import { useWebhookI18n, type WebhookTranslate } from "./use-webhook-i18n.ts";
import { useDelivery } from "./webhook-queries.ts";
import styles from "./webhooks.module.css";

const timeOf = (time: string, language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" }).format(new Date(time));

const outcomeOf = ({ status, error }: WebhookAttempt, w: WebhookTranslate) =>
  error ? w(`errors.${error}`) : w("deliveries.answered", { status: String(status) });

/** JSON in readable lines; anything else as it is. */
function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

function DeliveryDetails({ webhookId, delivery }: { webhookId: string; delivery: WebhookDelivery }) {
  const { w, language } = useWebhookI18n();
  const { data, error, refetch } = useDelivery(webhookId, delivery.id, delivery.attemptCount);
  if (!data) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Spinner label={w("deliveries.loading")} />
    );
  }
  return (
    <div className={styles.details}>
      <p className={styles.quiet}>
        {w("deliveries.messageId")}: <code>{data.messageId}</code>
      </p>
      {data.attempts.length === 0 && <p>{w("deliveries.noAttempts")}</p>}
      <ol className={styles.attempts} reversed>
        {data.attempts.map((attempt) => (
          <li key={attempt.number}>
            <p>
              <strong>{w("deliveries.attempt", { number: attempt.number })}</strong> · {outcomeOf(attempt, w)}
            </p>
            <p className={styles.quiet}>
              {timeOf(attempt.startedAt, language)} ·{" "}
              {w("deliveries.duration", { count: attempt.durationMs })}
            </p>
            {attempt.answer && (
              <>
                <p className={styles.quiet}>{w("deliveries.answer")}</p>
                <pre className={styles.text}>{attempt.answer}</pre>
              </>
            )}
          </li>
        ))}
      </ol>
      <details>
        <summary>{w("deliveries.request")}</summary>
        {data.payload ? (
          <pre className={styles.text}>{readable(data.payload)}</pre>
        ) : (
          <p>{w("deliveries.noRequest")}</p>
        )}
      </details>
    </div>
  );
}

interface DeliveryItemProps {
  webhookId: string;
  /** Whether anything is sent to the webhook now. */
  enabled: boolean;
  delivery: WebhookDelivery;
}

/** One message of the log; its attempts and bodies are fetched when it is opened. */
export function DeliveryItem({ webhookId, enabled, delivery }: DeliveryItemProps) {
  const { w, language } = useWebhookI18n();
  const { replay } = useWebhookActions();
  const mayMake = useMayMake();
  const [isOpen, setIsOpen] = useState(false);
  const { id, state, eventType, lastAttempt, attemptCount, nextAttemptAt } = delivery;
  const facts = [
    timeOf(delivery.createdAt, language),
    attemptCount > 0 && w("deliveries.attempts", { count: attemptCount }),
    attemptCount > 0 && nextAttemptAt && w("deliveries.next", { time: timeOf(nextAttemptAt, language) }),
  ];
  const name = `${eventName(eventType, w)}, ${facts[0]}`;
  return (
    <article className={styles.card} aria-label={name}>
      <div className={styles.delivery}>
        <div>
          {" "}
          <div className={styles.row}>
            <strong>{eventName(eventType, w)}</strong>
            <span className={styles.state}>
              <span className={styles.dot} data-state={state} aria-hidden="true" />
              {w(`state.${state}`)}
            </span>
            {lastAttempt && state !== "succeeded" && <span>{outcomeOf(lastAttempt, w)}</span>}
          </div>
          <p className={styles.quiet}>{facts.filter(Boolean).join(" · ")}</p>
        </div>
        <div className={styles.buttons}>
          <Button
            aria-expanded={isOpen}
            aria-label={`${w("deliveries.details")}: ${name}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            {w("deliveries.details")}
          </Button>
          {mayMake && (enabled || eventType === "webhook.ping") && (
            <Button
              aria-label={`${w("deliveries.replay")}: ${name}`}
              disabled={replay.isPending}
              onClick={() => replay.mutate({ id: webhookId, deliveryId: id })}
            >
              {w("deliveries.replay")}
            </Button>
          )}
        </div>
      </div>
      {isOpen && <DeliveryDetails webhookId={webhookId} delivery={delivery} />}
    </article>
  );
}
