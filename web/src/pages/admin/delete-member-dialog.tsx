import type { Member } from "../../api/admin.ts";
import { DecisionForm } from "../account/decision-form.tsx";
import { ExactField } from "../account/exact-field.tsx";
import { FormDialog } from "../account/form-dialog.tsx";
import { useForm } from "../account/use-form.ts";
import { nameOf, useUserActions } from "./admin-queries.ts";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** The last question before a member is gone with everything: the address has to be typed. */
export function DeleteMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { d } = useAdminI18n();
  const { remove } = useUserActions();
  const { email } = member;
  const form = useForm<{ confirmation: string }>({
    check: ({ confirmation }) => ({
      confirmation: confirmation.trim().toLowerCase() === email.toLowerCase() ? null : d("remove.wrong"),
    }),
    send: async () => {
      await remove.mutateAsync(member);
      onClose();
    },
  });
  return (
    <FormDialog title={d("remove.title", { name: nameOf(member) })} hint={d("remove.hint")} onClose={onClose}>
      <DecisionForm form={form} submit={d("remove.submit")} sending={d("remove.sending")} onCancel={onClose}>
        <ExactField
          name="confirmation"
          label={d("remove.confirm", { email })}
          error={form.errors.confirmation}
        />
      </DecisionForm>
    </FormDialog>
  );
}
