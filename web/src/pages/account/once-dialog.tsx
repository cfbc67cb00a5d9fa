import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import dialog from "../gallery/dialog.module.css";
import webhooks from "../webhooks/webhooks.module.css";
import { CopyText } from "./copy-text.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

interface OnceDialogProps {
  title: string;
  hint: string;
  /** What the text is, for screen readers. */
  label: string;
  text: string;
  copy: string;
  /** Below the text. */
  children?: ReactNode;
  onClose: () => void;
}

/** Shows a secret the only time that it can be seen. It closes by its button alone, not by a slip. */
export function OnceDialog({ title, hint, label, text, copy, children, onClose }: OnceDialogProps) {
  const { a } = useAccountI18n();
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialog.backdrop} />
        <AlertDialog.Popup className={`${dialog.popup} ${webhooks.dialog}`}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description className={dialog.hint}>{hint}</AlertDialog.Description>
          <code className={webhooks.secret}>
            <span className="visually-hidden">{label} </span>
            {text}
          </code>
          {!navigator.clipboard && <p className={dialog.hint}>{a("once.noCopy")}</p>}
          {children}
          <div className={dialog.buttons}>
            <CopyText text={text} label={copy} />
            <Button variant="primary" onClick={onClose}>
              {a("once.kept")}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
