import type { Role } from "../../../../server/contract/access.ts";
import type { Member } from "../../api/admin.ts";
import { Button } from "../../components/button.tsx";
import { showToast } from "../../components/toasts.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { FormDialog } from "../account/form-dialog.tsx";
import { FormError } from "../account/form-error.tsx";
import { SubmitButton } from "../account/submit-button.tsx";
import { useAccountI18n } from "../account/use-account-i18n.ts";
import { useForm } from "../account/use-form.ts";
import dialog from "../gallery/dialog.module.css";
import { nameOf, useUserActions } from "./admin-queries.ts";
import { RoleChoices } from "./role-choices.tsx";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** Gives a member another role. */
export function RoleDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useI18n();
  const { a } = useAccountI18n();
  const { d } = useAdminI18n();
  const { setRole } = useUserActions();
  const name = nameOf(member);
  const form = useForm<{ role: Role }>({
    check: () => ({}),
    send: async ({ role }) => {
      await setRole.mutateAsync({ member, role });
      showToast({ title: d("role.done", { name, role: a(`roles.${role}`) }) });
      onClose();
    },
  });
  return (
    <FormDialog title={d("role.title", { name })} hint={d("role.hint", { name })} onClose={onClose}>
      <form {...form.attributes}>
        <RoleChoices initial={member.role} error={form.errors.role} />
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <SubmitButton
            label={d("role.submit")}
            sendingLabel={d("role.sending")}
            isSending={form.isSending}
          />
        </div>
      </form>
    </FormDialog>
  );
}
