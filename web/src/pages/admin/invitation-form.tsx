import type { Role } from "../../../../server/contract/access.ts";
import type { CreatedInvitation } from "../../../../server/contract/invitation.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { FormDialog } from "../account/form-dialog.tsx";
import { FormError } from "../account/form-error.tsx";
import { SubmitButton } from "../account/submit-button.tsx";
import { useForm } from "../account/use-form.ts";
import dialog from "../gallery/dialog.module.css";
import { useInvitationActions } from "./admin-queries.ts";
import { RoleChoices } from "./role-choices.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

interface InvitationFormProps {
  onMade: (invitation: CreatedInvitation) => void;
  onClose: () => void;
}

/** Asks for whom an invitation is, and with which role. */
export function InvitationForm({ onMade, onClose }: InvitationFormProps) {
  const { t } = useI18n();
  const { d } = useAdminI18n();
  const { create } = useInvitationActions();
  const form = useForm<{ role: Role; email: string }>({
    check: ({ email }) => ({
      email: !email.trim() || /^\S+@\S+\.\S+$/.test(email.trim()) ? null : d("invitations.emailWrong"),
    }),
    send: async ({ role, email }) => onMade(await create.mutateAsync({ role, email: email.trim() || null })),
  });
  return (
    <FormDialog title={d("invitations.title")} onClose={onClose}>
      <form {...form.attributes}>
        <RoleChoices initial="user" error={form.errors.role} />
        <Field label={d("invitations.email")} hint={d("invitations.emailHint")} error={form.errors.email}>
          {(control) => (
            <input
              {...control}
              name="email"
              type="email"
              inputMode="email"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
            />
          )}
        </Field>
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <SubmitButton
            label={d("invitations.submit")}
            sendingLabel={d("invitations.sending")}
            isSending={form.isSending}
          />
        </div>
      </form>
    </FormDialog>
  );
}
