import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword, type Me } from "../../api/account.ts";
import { Notice } from "../../components/notice.tsx";
import styles from "./account.module.css";
import { AccountCard } from "./account-card.tsx";
import { wrongNewPassword, wrongPassword } from "./field-checks.ts";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { SESSIONS_KEY } from "./session-queries.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

/** Changes the password of whoever knows the present one. */
export function PasswordCard({ me }: { me: Me }) {
  const { a } = useAccountI18n();
  const client = useQueryClient();
  /** How often it was changed: the fields are empty again then. */
  const [changes, setChanges] = useState(0);
  return (
    <AccountCard heading={a("password.heading")} lead={a("password.lead")}>
      {changes > 0 && (
        <Notice tone="good" role="status">
          {a("password.changed")}
        </Notice>
      )}
      <PasswordForm
        key={changes}
        email={me.email ?? ""}
        onChanged={() => {
          setChanges(changes + 1);
          void client.invalidateQueries({ queryKey: SESSIONS_KEY });
        }}
      />
    </AccountCard>
  );
}

function PasswordForm({ email, onChanged }: { email: string; onChanged: () => void }) {
  const { a } = useAccountI18n();
  const form = useForm<{ currentPassword: string; newPassword: string }>({
    check: ({ currentPassword, newPassword }) => ({
      currentPassword: wrongPassword(currentPassword, a),
      newPassword:
        wrongNewPassword(newPassword, a) ??
        (newPassword === currentPassword ? a("fields.passwordSame") : null),
    }),
    send: async ({ currentPassword, newPassword }) => {
      await changePassword({ currentPassword, newPassword });
      onChanged();
    },
  });
  return (
    <form {...form.attributes} className={styles.form}>
      {/* Password managers learn from it whose password this is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        name="currentPassword"
        label={a("fields.currentPassword")}
        kind="current"
        error={form.errors.currentPassword}
      />
      <PasswordField
        name="newPassword"
        label={a("fields.newPassword")}
        kind="new"
        error={form.errors.newPassword}
      />
      <FormError error={form.error} />
      <div>
        <SubmitButton
          label={a("password.submit")}
          sendingLabel={a("password.sending")}
          isSending={form.isSending}
        />
      </div>
    </form>
  );
}
