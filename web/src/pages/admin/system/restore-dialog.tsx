import { useState } from "react";
import type { Backup } from "../../../../../server/contract/backup.ts";
import { ApiError } from "../../../api/api-error.ts";
import { Check } from "../../../components/field.tsx";
import { hasAccounts } from "../../../session/has-accounts.ts";
import { DecisionForm } from "../../account/decision-form.tsx";
import { ExactField } from "../../account/exact-field.tsx";
import { FormDialog } from "../../account/form-dialog.tsx";
import { useForm } from "../../account/use-form.ts";
import { checkProof, ProofFields, type ProofValues, toProof } from "./proof-fields.tsx";
import { useRestoreActions } from "./restore-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

type Values = ProofValues & { identity: string; foreign: string };

/** The last question before a backup takes the place of everything. */
export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { s, language } = useSystemI18n();
  const { start } = useRestoreActions();
  const { filename, createdAt, encrypted } = backup;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const [isForeign, setIsForeign] = useState(backup.isForeign);
  const [isTrusted, setIsTrusted] = useState(false);
  const form = useForm<Values>({
    check: (values) => ({
      ...checkProof(values, filename, s),
      identity: encrypted && !values.identity.trim() ? s("backups.restoring.identityMissing") : null,
      foreign: isForeign && !isTrusted ? s("backups.foreignUntrusted") : null,
    }),
    send: async (values) => {
      const identity = encrypted ? { identity: values.identity.trim() } : {};
      const body = { ...toProof(values), ...identity, ...(isTrusted && { foreign: true }) };
      await start.mutateAsync({ filename, body }).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === "backup-foreign") setIsForeign(true);
        throw error;
      });
      onClose();
    },
  });
  return (
    <FormDialog
      title={s("backups.restoring.title")}
      hint={[
        s("backups.restoring.hint", { time: moment.format(new Date(createdAt)) }),
        hasAccounts && s("backups.restoring.sessionsHint"),
      ]
        .filter(Boolean)
        .join(" ")}
      onClose={onClose}
    >
      <DecisionForm
        form={form}
        submit={s("backups.restoring.submit")}
        sending={s("backups.restoring.sending")}
        onCancel={onClose}
      >
        <ProofFields filename={filename} errors={form.errors} />
        {encrypted && (
          <ExactField
            name="identity"
            label={s("backups.restoring.identity")}
            hint={s("backups.restoring.identityHint")}
            error={form.errors.identity}
          />
        )}
        {isForeign && (
          <div className="sys-words">
            <p>{s("backups.foreignHint")}</p>
            <Check
              label={s("backups.foreignTrusted")}
              checked={isTrusted}
              error={isTrusted ? null : form.errors.foreign}
              onChange={setIsTrusted}
            />
          </div>
        )}
      </DecisionForm>
    </FormDialog>
  );
}
