import { useLocation } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { resetPassword } from "../../api/account.ts";
import { showToast } from "../../components/toasts.ts";
import { probe } from "../../session/keep-fresh.ts";
import styles from "./account.module.css";
import { DoorCard } from "./door-card.tsx";
import { wrongNewPassword } from "./field-checks.ts";
import { FormError } from "./form-error.tsx";
import { BackToSignIn, LinkMissing } from "./link-problem.tsx";
import { useLinkToken } from "./link-token.ts";
import { PasswordField } from "./password-field.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useForm } from "./use-form.ts";

/** Whoever has the link of a letter, or of an administrator, chooses a new password. */
export default function ResetPage() {
  const { a } = useAccountI18n();
  const [, navigate] = useLocation();
  const token = useLinkToken();
  const form = useForm<{ password: string }>({
    check: ({ password }) => ({ password: wrongNewPassword(password, a) }),
    send: async ({ password }) => {
      await resetPassword({ token, password });
      showToast({ title: a("signIn.reset") });
      navigate(accountPaths.signIn, { replace: true });
      // All sessions of the account are over; whether this browser has one of them, the server knows.
      void probe();
    },
  });
  if (!token) return <LinkMissing page={a("reset.page")} />;
  return (
    <DoorCard page={a("reset.page")} heading={a("reset.heading")}>
      <p className={styles.quiet}>{a("reset.lead")}</p>
      <form {...form.attributes} className={styles.form}>
        <PasswordField
          name="password"
          label={a("fields.newPassword")}
          kind="new"
          error={form.errors.password}
        />
        <FormError error={form.error} />
        <SubmitButton
          label={a("reset.submit")}
          sendingLabel={a("reset.sending")}
          isSending={form.isSending}
        />
      </form>
      <BackToSignIn />
    </DoorCard>
  );
}
