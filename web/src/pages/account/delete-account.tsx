import { useState } from "react";
import { useLocation } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { deleteMe, type Me } from "../../api/account.ts";
import { Button } from "../../components/button.tsx";
import { endSession } from "../../session/session-changes.ts";
import { AccountCard } from "./account-card.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { ExactField } from "./exact-field.tsx";
import { wrongPassword } from "./field-checks.ts";
import { FormDialog } from "./form-dialog.tsx";
import { PasswordField } from "./password-field.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

interface DeleteFormProps {
  email: string;
  onClose: () => void;
}

function DeleteForm({ email, onClose }: DeleteFormProps) {
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
    <DecisionForm form={form} submit={a("delete.submit")} sending={a("delete.sending")} onCancel={onClose}>
      <ExactField
        name="confirmation"
        label={a("delete.confirm", { email })}
        error={form.errors.confirmation}
      />
      <PasswordField
        name="password"
        label={a("fields.currentPassword")}
        kind="current"
        error={form.errors.password}
      />
    </DecisionForm>
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
