import type { ForgotAnswer } from "../../../../server/contract/account.ts";
import { askForReset } from "../../api/account.ts";
import styles from "./account.module.css";
import { EmailField } from "./account-fields.tsx";
import { DoorCard } from "./door-card.tsx";
import { wrongEmail } from "./field-checks.ts";
import { FormError } from "./form-error.tsx";
import { BackToSignIn, Outcome } from "./link-problem.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useAuthState } from "./use-auth-state.ts";
import { useForm } from "./use-form.ts";

function ForgotForm() {
  const { a } = useAccountI18n();
  const form = useForm<{ email: string }, ForgotAnswer>({
    check: ({ email }) => ({ email: wrongEmail(email, a) }),
    send: ({ email }) => askForReset(email.trim()),
  });
  if (form.data?.next === "ask-administrator") {
    return <Outcome title={a("forgot.noMail")}>{a("forgot.noMailHint")}</Outcome>;
  }
  if (form.data) {
    return (
      <Outcome title={a("forgot.sent")}>{a("forgot.sentHint", { email: form.values?.email ?? "" })}</Outcome>
    );
  }
  return (
    <>
      <p className={styles.quiet}>{a("forgot.lead")}</p>
      <form {...form.attributes} className={styles.form}>
        <EmailField error={form.errors.email} />
        <FormError error={form.error} />
        <SubmitButton
          label={a("forgot.submit")}
          sendingLabel={a("forgot.sending")}
          isSending={form.isSending}
        />
      </form>
      <BackToSignIn />
    </>
  );
}

/** Asks for a letter with a link that sets a new password; where no mail is sent, says who can make one. */
export default function ForgotPage() {
  const { a } = useAccountI18n();
  const { data } = useAuthState();
  return (
    <DoorCard page={a("forgot.page")} heading={a("forgot.heading")}>
      {data && !data.mail ? (
        <Outcome title={a("forgot.noMail")}>{a("forgot.noMailHint")}</Outcome>
      ) : (
        <ForgotForm />
      )}
    </DoorCard>
  );
}
