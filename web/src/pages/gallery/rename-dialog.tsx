import { Dialog } from "@base-ui/react/dialog";
import { type FormEvent, useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { Button, buttonClass } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./dialog.module.css";

interface RenameDialogProps {
  model: Model;
  saving: boolean;
  onSave: (name: string) => void;
  onClose: () => void;
}

export function RenameDialog({ model, saving, onSave, onClose }: RenameDialogProps) {
  const { t } = useI18n();
  const [name, setName] = useState(model.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) onSave(name.trim());
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Dialog.Title>{t("gallery.renameTitle")}</Dialog.Title>
          <form onSubmit={submit}>
            <Field label={t("photo.name")}>
              {(control) => (
                <input
                  {...control}
                  value={name}
                  maxLength={200}
                  autoComplete="off"
                  onFocus={(event) => event.target.select()}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <div className={styles.buttons}>
              <Dialog.Close className={buttonClass()}>{t("app.cancel")}</Dialog.Close>
              <Button type="submit" variant="primary" disabled={saving || !name.trim()}>
                {saving ? t("gallery.saving") : t("gallery.save")}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
