import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { Model } from "../../../../server/contract/model.ts";
import { Button, buttonClass } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./dialog.module.css";

interface DeleteDialogProps {
  model: Model;
  onConfirm: () => void;
  onClose: () => void;
}

/** The last question before a model is gone for good. */
export function DeleteDialog({ model, onConfirm, onClose }: DeleteDialogProps) {
  const { t } = useI18n();
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.popup}>
          <AlertDialog.Title>{t("trash.confirm", { name: model.name })}</AlertDialog.Title>
          <AlertDialog.Description className={styles.hint}>{t("trash.confirmHint")}</AlertDialog.Description>
          <div className={styles.buttons}>
            <AlertDialog.Close className={buttonClass()}>{t("app.cancel")}</AlertDialog.Close>
            <Button variant="danger" onClick={onConfirm}>
              {t("trash.forever")}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
