import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Button, buttonClass } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import dialog from "../gallery/dialog.module.css";

interface ConfirmDialogProps {
  title: string;
  hint: string;
  confirm: string;
  variant: "primary" | "danger";
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before something that can't be taken back. */
export function ConfirmDialog({ title, hint, confirm, variant, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useI18n();
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialog.backdrop} />
        <AlertDialog.Popup className={dialog.popup}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description className={dialog.hint}>{hint}</AlertDialog.Description>
          <div className={dialog.buttons}>
            <AlertDialog.Close className={buttonClass()}>{t("app.cancel")}</AlertDialog.Close>
            <Button variant={variant} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
