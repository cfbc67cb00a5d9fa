import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeMe } from "../../api/account.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { ME_KEY } from "../../session/use-me.ts";
import dialog from "../gallery/dialog.module.css";
import { EmailField } from "./account-fields.tsx";
import { wrongEmail, wrongPassword } from "./field-checks.ts";
import { FormDialog } from "./form-dialog.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

interface EmailFormProps {
  onDone: (message: string) => void;
  onClose: () => void;
}

function EmailForm({ onDone, onClose }: EmailFormProps) {
  const { t } = useI18n();
  const { a } = useAccountI18n();
  const client = useQueryClient();
  const form = useForm<{ email: string; currentPassword: string }>({
    check: ({ email, currentPassword }) => ({
      email: wrongEmail(email, a),
      currentPassword: wrongPassword(currentPassword, a),
    }),
    send: async ({ email, currentPassword }) => {
      const { pendingEmail, ...me } = await changeMe({ email: email.trim(), currentPassword });
      client.setQueryData(ME_KEY, me);
      onDone(
        pendingEmail
          ? a("email.pending", { email: pendingEmail })
          : a("email.changed", { email: me.email ?? "" }),
      );
    },
  });
  return (
    <form {...form.attributes}>
      <EmailField error={form.errors.email} />
      <PasswordField
        name="currentPassword"
        label={a("fields.currentPassword")}
        kind="current"
        error={form.errors.currentPassword}
      />
      <FormError error={form.error} />
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <SubmitButton
          label={a("email.submit")}
          sendingLabel={a("email.sending")}
          isSending={form.isSending}
        />
      </div>
    </form>
  );
}

/** Changes the address that the person signs in with. */
export function EmailChange() {
  const { a } = useAccountI18n();
  const [isOpen, setIsOpen] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>{a("email.change")}</Button>
      {message && (
        <Notice tone="good" role="status">
          {message}
        </Notice>
      )}
      {isOpen && (
        <FormDialog title={a("email.title")} onClose={() => setIsOpen(false)}>
          <EmailForm
            onDone={(words) => {
              setMessage(words);
              setIsOpen(false);
            }}
            onClose={() => setIsOpen(false)}
          />
        </FormDialog>
      )}
    </>
  );
}
