import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import dialog from "../gallery/dialog.module.css";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import styles from "./webhooks.module.css";

/** Shows a secret the only time that it can be seen. It closes by its button alone, not by a slip. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { w } = useWebhookI18n();
  const [copied, setCopied] = useState(false);
  // Pages that came over plain http from another computer have no clipboard; the secret is selected by one click then.
  const canCopy = navigator.clipboard !== undefined;
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialog.backdrop} />
        <AlertDialog.Popup className={dialog.popup}>
          <AlertDialog.Title>{w("secret.title")}</AlertDialog.Title>
          <AlertDialog.Description className={dialog.hint}>{w("secret.hint")}</AlertDialog.Description>
          <code className={styles.secret}>
            <span className="visually-hidden">{w("secret.label")} </span>
            {secret}
          </code>
          <span className="visually-hidden" role="status">
            {copied && w("secret.copied")}
          </span>
          <div className={dialog.buttons}>
            {canCopy && (
              <Button onClick={copy}>
                {copied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
                {copied ? w("secret.copied") : w("secret.copy")}
              </Button>
            )}
            <Button variant="primary" onClick={onClose}>
              {w("secret.done")}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
