import { type ReactNode, useState } from "react";
import type { Webhook } from "../../../../server/contract/webhook.ts";
import { Button } from "../../components/button.tsx";
import { useMayMake } from "../../session/role.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { eventName } from "./event-name.ts";
import { HealthMarks } from "./health-marks.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { timeOf } from "./time-of.ts";
import { useWebhookActions } from "./use-webhook-actions.ts";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookMenu, type WebhookTask } from "./webhook-menu.tsx";
import { DisabledNotice, WebhookState } from "./webhook-state.tsx";
import styles from "./webhooks.module.css";

interface WebhookCardProps {
  webhook: Webhook;
  /** The address as a heading of the right level, or a link. */
  title: ReactNode;
  /** Beside the test button. */
  actions?: ReactNode;
  /** Goes where nothing asks for the webhook: from then on it may be gone. */
  onLeave?: () => void;
}

/** A webhook at a glance, and everything that can be done with it. */
export function WebhookCard({ webhook, title, actions, onLeave }: WebhookCardProps) {
  const { w, language } = useWebhookI18n();
  const { save, enable, pause, rotate, remove, test } = useWebhookActions();
  const mayMake = useMayMake();
  const [task, setTask] = useState<WebhookTask | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { id, url, previousSecretUntil } = webhook;
  const close = () => setTask(null);
  const overlaps = previousSecretUntil !== null && Date.parse(previousSecretUntil) > Date.now();

  return (
    <article className={styles.card}>
      <div className={styles.row} data-spread="">
        {title}
        {mayMake && <WebhookMenu webhook={webhook} onTask={setTask} onPause={() => pause.mutate(id)} />}
      </div>
      {webhook.description && <p>{webhook.description}</p>}
      <div className={styles.row}>
        <WebhookState webhook={webhook} />
        <HealthMarks deliveries={webhook.recentDeliveries} />
      </div>
      <ul className={styles.row} aria-label={w("form.events")}>
        {webhook.eventTypes.map((type) => (
          <li key={type} className={styles.chip}>
            {eventName(type, w)}
          </li>
        ))}
      </ul>
      {overlaps && (
        <p className={styles.quiet}>{w("overlap", { time: timeOf(previousSecretUntil, language) })}</p>
      )}
      {mayMake && <DisabledNotice webhook={webhook} onEnable={() => enable.mutate(id)} />}
      <div className={styles.buttons}>
        {mayMake && (
          <Button onClick={() => test.mutate(id)} disabled={test.isPending}>
            {w("test")}
          </Button>
        )}
        {actions}
      </div>
      {task === "edit" && (
        <WebhookForm
          webhook={webhook}
          saving={save.isPending}
          error={save.error}
          onClose={close}
          onSave={(change) => save.mutate({ id, change }, { onSuccess: close })}
        />
      )}
      {task === "rotate" && (
        <ConfirmDialog
          title={w("secret.rotateTitle")}
          hint={w("secret.rotateHint")}
          confirm={w("secret.rotateConfirm")}
          variant="primary"
          onClose={close}
          onConfirm={() => {
            close();
            rotate.mutate(id, { onSuccess: (rotated) => setSecret(rotated.secret) });
          }}
        />
      )}
      {task === "remove" && (
        <ConfirmDialog
          title={w("delete.title")}
          hint={w("delete.hint", { url })}
          confirm={w("delete.confirm")}
          variant="danger"
          onClose={close}
          onConfirm={() => {
            close();
            onLeave?.();
            remove.mutate(id);
          }}
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </article>
  );
}
