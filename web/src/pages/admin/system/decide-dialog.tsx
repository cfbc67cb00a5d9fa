import { hasAccounts } from "../../../session/has-accounts.ts";
import { DecisionForm } from "../../account/decision-form.tsx";
import { FormDialog } from "../../account/form-dialog.tsx";
import { useForm } from "../../account/use-form.ts";
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
      hint={[
        s(`backups.restoring.${word}Hint`),
        hasAccounts && decision === "undo" && s("backups.restoring.undoSessionsHint"),
      ]
        .filter(Boolean)
        .join(" ")}
      onClose={onClose}
    >
      <DecisionForm
        form={form}
        submit={s(`backups.restoring.${word}Now`)}
        variant={decision === "undo" ? "danger" : "primary"}
        onCancel={onClose}
      >
        <ProofFields filename={filename} errors={form.errors} />
      </DecisionForm>
    </FormDialog>
  );
}
