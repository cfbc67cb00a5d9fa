import { Dialog } from "@base-ui/react/dialog";
import { type FormEvent, useState } from "react";
import type { Webhook, WebhookEventType } from "../../../../server/contract/webhook.ts";
import { WEBHOOK_EVENT_TYPES } from "../../../../server/contract/webhook-names.ts";
import { ApiError } from "../../api/api-error.ts";
import type { NewWebhook } from "../../api/webhooks.ts";
import { Button, buttonClass } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Check, Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import dialog from "../gallery/dialog.module.css";
import { eventName } from "./event-name.ts";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import styles from "./webhooks.module.css";

const USUAL: readonly WebhookEventType[] = ["generation.succeeded", "generation.failed"];

const URL_REFUSED = "webhook-url-not-allowed";

interface WebhookFormProps {
  /** The one to change; without it a new one is made. */
  webhook?: Webhook;
  saving: boolean;
  error: unknown;
  onSave: (fields: NewWebhook) => void;
  onClose: () => void;
}

/** Asks for an address and the events that it is told of. */
export function WebhookForm({ webhook, saving, error, onSave, onClose }: WebhookFormProps) {
  const { t } = useI18n();
  const { w } = useWebhookI18n();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [eventTypes, setEventTypes] = useState<readonly WebhookEventType[]>(webhook?.eventTypes ?? USUAL);
  const choose = (type: WebhookEventType, wanted: boolean) =>
    setEventTypes(wanted ? [...eventTypes, type] : eventTypes.filter((other) => other !== type));
  const urlError = error instanceof ApiError && error.code === URL_REFUSED ? error.message : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave({ url: url.trim(), description: description.trim() || null, eventTypes: [...eventTypes] });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={`${dialog.popup} ${styles.dialog}`}>
          <Dialog.Title>{w(webhook ? "form.edit" : "form.add")}</Dialog.Title>
          <form onSubmit={submit}>
            <Field label={w("form.url")} hint={w("form.urlHint")} error={urlError}>
              {(control) => (
                <input
                  {...control}
                  type="url"
                  required
                  placeholder="https://"
                  maxLength={2000}
                  autoComplete="off"
                  spellCheck={false}
                  value={url}
                  onChange={(event) => setUrl(event.target.value)}
                />
              )}
            </Field>
            <Field label={w("form.description")}>
              {(control) => (
                <input
                  {...control}
                  maxLength={200}
                  autoComplete="off"
                  value={description}
                  onChange={(event) => setDescription(event.target.value)}
                />
              )}
            </Field>
            <fieldset>
              <legend className={styles.legend}>{w("form.events")}</legend>
              <div className={styles.choices}>
                {WEBHOOK_EVENT_TYPES.map((type) => (
                  <Check
                    key={type}
                    label={eventName(type, w)}
                    checked={eventTypes.includes(type)}
                    onChange={(wanted) => choose(type, wanted)}
                  />
                ))}
              </div>
              {eventTypes.length === 0 && <p role="status">{w("form.noEvents")}</p>}
            </fieldset>
            {error !== null && !urlError && <ErrorNotice error={error} />}
            <div className={dialog.buttons}>
              <Dialog.Close className={buttonClass()}>{t("app.cancel")}</Dialog.Close>
              <Button type="submit" variant="primary" disabled={saving || eventTypes.length === 0}>
                {saving ? w("form.saving") : w("form.save")}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
