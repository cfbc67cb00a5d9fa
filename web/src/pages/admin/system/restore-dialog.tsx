import type { Backup } from "../../../../../server/contract/backup.ts";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { formatAgo } from "../../../i18n/format.ts";
import { useI18n } from "../../../i18n/use-i18n.ts";
import { FormDialog } from "../../account/form-dialog.tsx";
import { FormError } from "../../account/form-error.tsx";
import { useForm } from "../../account/use-form.ts";
import dialog from "../../gallery/dialog.module.css";
import { checkProof, ProofFields, type ProofValues, toProof } from "./proof-fields.tsx";
import { useRestoreActions } from "./restore-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

type Values = ProofValues & { identity: string };

/** The last question before a backup takes the place of everything. */
export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { t } = useI18n();
  const { s, language } = useSystemI18n();
  const { start } = useRestoreActions();
  const { filename, createdAt, encrypted } = backup;
  const form = useForm<Values>({
    check: (values) => ({
      ...checkProof(values, filename, s),
      identity: encrypted && !values.identity.trim() ? s("backups.restoring.identityMissing") : null,
    }),
    send: async (values) => {
      const identity = encrypted ? { identity: values.identity.trim() } : {};
      await start.mutateAsync({ filename, body: { ...toProof(values), ...identity } });
      onClose();
    },
  });
  return (
    <FormDialog
      title={s("backups.restoring.title")}
      hint={s("backups.restoring.hint", { time: formatAgo(createdAt, Date.now(), language) })}
      onClose={onClose}
    >
      <form {...form.attributes}>
        <ProofFields filename={filename} errors={form.errors} />
        {encrypted && (
          <Field
            label={s("backups.restoring.identity")}
            hint={s("backups.restoring.identityHint")}
            error={form.errors.identity ?? null}
          >
            {(control) => (
              <input
                {...control}
                name="identity"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                required
              />
            )}
          </Field>
        )}
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" variant="danger" aria-disabled={form.isSending}>
            {s(form.isSending ? "backups.restoring.sending" : "backups.restoring.submit")}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
