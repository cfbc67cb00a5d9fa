import type { Member } from "../../api/admin.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { FormDialog } from "../account/form-dialog.tsx";
import { FormError } from "../account/form-error.tsx";
import { useForm } from "../account/use-form.ts";
import dialog from "../gallery/dialog.module.css";
import { nameOf, useUserActions } from "./admin-queries.ts";
import { useAdminI18n } from "./use-admin-i18n.ts";

/** The last question before a member is gone with everything: the address has to be typed. */
export function DeleteMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useI18n();
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
      <form {...form.attributes}>
        <Field label={d("remove.confirm", { email })} error={form.errors.confirmation}>
          {(control) => (
            <input
              {...control}
              name="confirmation"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          )}
        </Field>
        <FormError error={form.error} />
        <div className={dialog.buttons}>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" variant="danger" aria-disabled={form.isSending}>
            {d(form.isSending ? "remove.sending" : "remove.submit")}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
