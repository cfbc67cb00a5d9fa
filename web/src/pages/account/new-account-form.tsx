import type { ReactNode } from "react";
import type { NewAccount } from "../../api/account.ts";
import styles from "./account.module.css";
import { EmailField, NameField } from "./account-fields.tsx";
import { wrongEmail, wrongName, wrongNewPassword } from "./field-checks.ts";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

interface NewAccountFormProps {
  /** The address that an invitation is for. */
  email?: string | null;
  words: { submit: string; sending: string };
  send: (account: NewAccount) => Promise<unknown>;
  /** Below an error. */
  children?: ReactNode;
}

/** Name, e-mail address and password of somebody new; the language is the page's. */
export function NewAccountForm({ email, words, send }: NewAccountFormProps) {
  const { a, language } = useAccountI18n();
  const form = useForm<{ email: string; name: string; password: string }>({
    check: (values) => ({
      name: wrongName(values.name, a),
      email: wrongEmail(values.email, a),
      password: wrongNewPassword(values.password, a),
    }),
    send: ({ email, name, password }) =>
      send({ email: email.trim(), name: name.trim(), password, locale: language }),
  });
  const { errors } = form;
  return (
    <form {...form.attributes} className={styles.form}>
      <NameField error={errors.name} />
      <EmailField error={errors.email} {...(email && { defaultValue: email, readOnly: true })} />
      <PasswordField name="password" label={a("fields.password")} kind="new" error={errors.password} />
      <FormError error={form.error} />
      <SubmitButton label={words.submit} sendingLabel={words.sending} isSending={form.isSending} />
    </form>
  );
}
