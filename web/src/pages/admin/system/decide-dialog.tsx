import { Button } from "../../../components/button.tsx";
import { useI18n } from "../../../i18n/use-i18n.ts";
import { FormDialog } from "../../account/form-dialog.tsx";
import { FormError } from "../../account/form-error.tsx";
import { useForm } from "../../account/use-form.ts";
import dialog from "../../gallery/dialog.module.css";
import { checkProof, ProofFields, type ProofValues, toProof } from "./proof-fields.tsx";
import { type Decision, useRestoreActions } from "./restore-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const WORDS = { confirm: "keep", undo: "undo" } as const;

interface DecideDialogProps {
  decision: Decision;
  filename: string;
  onClose: () => void;
}

/** The last question before the restored state stays, or the former one comes back. */
export function DecideDialog({ decision, filename, onClose }: DecideDialogProps) {
  const { t } = useI18n();
  const { s } = useSystemI18n();
  const { decide } = useRestoreActions();
  const word = WORDS[decision];
  const form = useForm<ProofValues>({
    check: (values) => checkProof(values, filename, s),
    send: async (values) => {
      await decide.mutateAsync({ decision, body: toProof(values) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={s(`backups.restoring.${word}Title`)}
      hint={s(`backups.restoring.${word}Hint`)}
      onClose={onClose}
    >
      <form {...form.attributes}>
        <ProofFields filename={filename} errors={form.errors} />
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            type="submit"
            variant={decision === "undo" ? "danger" : "primary"}
            aria-disabled={form.isSending}
          >
            {s(`backups.restoring.${word}Now`)}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
