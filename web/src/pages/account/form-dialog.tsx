import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import dialog from "../gallery/dialog.module.css";

interface FormDialogProps {
  title: string;
  hint?: string;
  children: ReactNode;
  onClose: () => void;
}

/** A form above the page. */
export function FormDialog({ title, hint, children, onClose }: FormDialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup}>
          <Dialog.Title>{title}</Dialog.Title>
          {hint && <Dialog.Description className={dialog.hint}>{hint}</Dialog.Description>}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
