import { useState } from "react";
import { useLocation } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { deleteMe, type Me } from "../../api/account.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { endSession } from "../../session/session-changes.ts";
import dialog from "../gallery/dialog.module.css";
import { AccountCard } from "./account-card.tsx";
import { wrongPassword } from "./field-checks.ts";
import { FormDialog } from "./form-dialog.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

interface DeleteFormProps {
  email: string;
  onClose: () => void;
}

function DeleteForm({ email, onClose }: DeleteFormProps) {
  const { t } = useI18n();
  const { a } = useAccountI18n();
  const [, navigate] = useLocation();
  const form = useForm<{ confirmation: string; password: string }>({
    check: ({ confirmation, password }) => ({
      confirmation:
        confirmation.trim().toLowerCase() === email.toLowerCase() ? null : a("delete.confirmWrong"),
      password: wrongPassword(password, a),
    }),
    send: async ({ password }) => {
      await deleteMe({ password });
      navigate(accountPaths.signIn, { replace: true });
      endSession("deleted");
    },
  });
  return (
    <form {...form.attributes}>
      <Field label={a("delete.confirm", { email })} error={form.errors.confirmation}>
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
      <PasswordField
        name="password"
        label={a("fields.currentPassword")}
        kind="current"
        error={form.errors.password}
      />
      <FormError error={form.error} />
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="danger" aria-disabled={form.isSending}>
          {a(form.isSending ? "delete.sending" : "delete.submit")}
        </Button>
      </div>
    </form>
  );
}

/** The way out for good: password and address have to be typed. */
export function DeleteAccount({ me }: { me: Me }) {
  const { a } = useAccountI18n();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <AccountCard heading={a("delete.heading")} lead={a("delete.hint")}>
      <div>
        <Button variant="danger" onClick={() => setIsOpen(true)}>
          {a("delete.open")}
        </Button>
      </div>
      {isOpen && (
        <FormDialog title={a("delete.title")} hint={a("delete.hint")} onClose={() => setIsOpen(false)}>
          <DeleteForm email={me.email ?? ""} onClose={() => setIsOpen(false)} />
        </FormDialog>
      )}
    </AccountCard>
  );
}
