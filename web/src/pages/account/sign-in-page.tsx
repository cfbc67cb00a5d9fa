import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { signIn } from "../../api/account.ts";
import { Notice } from "../../components/notice.tsx";
import { useStore } from "../../hooks/use-store.ts";
import { type OutReason, session } from "../../session/session-store.ts";
import styles from "./account.module.css";
import { EmailField } from "./account-fields.tsx";
import door from "./door.module.css";
import { DoorCard } from "./door-card.tsx";
import { enter } from "./enter.ts";
import { wrongEmail, wrongPassword } from "./field-checks.ts";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useAuthState } from "./use-auth-state.ts";
import { useForm } from "./use-form.ts";

/** Why the sign-in is shown, where somebody was signed in before. */
function OutNotice({ why }: { why: OutReason }) {
  const { a } = useAccountI18n();
  if (why === "ended") {
    return (
      <Notice tone="warn" role="alert" title={a("signIn.ended")}>
        {a("signIn.endedHint")}
      </Notice>
    );
  }
  if (why === "new") return null;
  return <Notice role="status">{a(`signIn.${why === "left-elsewhere" ? "leftElsewhere" : why}`)}</Notice>;
}

/** Ways for people who can't sign in. */
function OtherWays() {
  const { a } = useAccountI18n();
  const { data } = useAuthState();
  if (data?.firstRun) {
    return (
      <Notice role="status" title={a("signIn.firstRun")}>
        {a("signIn.firstRunHint")}
      </Notice>
    );
  }
  return (
    <div>
      <div className={door.links}>
        <Link href={accountPaths.forgot}>{a("signIn.forgot")}</Link>
        {data?.registration === "open" && <Link href={accountPaths.register}>{a("signIn.register")}</Link>}
      </div>
      {data?.registration === "closed" && <p className={styles.quiet}>{a("signIn.closed")}</p>}
    </div>
  );
}

/** E-mail address and password; afterwards the address that was asked for is shown. */
export function SignInPage() {
  const { a } = useAccountI18n();
  const state = useStore(session);
  const [, navigate] = useLocation();
  const box = useRef<HTMLDivElement>(null);
  const form = useForm<{ email: string; password: string }>({
    check: ({ email, password }) => ({ email: wrongEmail(email, a), password: wrongPassword(password, a) }),
    send: async ({ email, password }) => {
      const signedIn = await signIn({ email: email.trim(), password });
      if (window.location.pathname === accountPaths.signIn) navigate("/", { replace: true });
      enter(signedIn);
    },
  });
  const why = state.kind === "out" ? state.why : "new";
  useEffect(() => {
    // On a phone the keyboard would cover half of what is to be read.
    const hasKeyboard = window.matchMedia("(hover: hover)").matches;
    if (hasKeyboard) box.current?.querySelector("input")?.focus({ preventScroll: true });
  }, []);
  return (
    <DoorCard page={a("signIn.page")} heading={a("signIn.heading")}>
      <OutNotice why={why} />
      <div ref={box}>
        <form {...form.attributes} className={styles.form}>
          <EmailField error={form.errors.email} />
          <PasswordField
            name="password"
            label={a("fields.password")}
            kind="current"
            error={form.errors.password}
          />
          <FormError error={form.error} />
          <SubmitButton
            label={a("signIn.submit")}
            sendingLabel={a("signIn.sending")}
            isSending={form.isSending}
          />
        </form>
      </div>
      <OtherWays />
    </DoorCard>
  );
}
