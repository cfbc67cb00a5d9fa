import { useState } from "react";
import type { Registered } from "../../../../server/contract/account.ts";
import { type NewAccount, register } from "../../api/account.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { DoorCard } from "./door-card.tsx";
import { BackToSignIn, Outcome } from "./link-problem.tsx";
import { NewAccountForm } from "./new-account-form.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useAuthState } from "./use-auth-state.ts";

/** An account for whoever comes, where the server allows it. */
export default function RegisterPage() {
  const { t } = useI18n();
  const { a } = useAccountI18n();
  const state = useAuthState();
  const [done, setDone] = useState<(Registered & { email: string }) | null>(null);
  const send = async (account: NewAccount) => setDone({ ...(await register(account)), email: account.email });
  if (state.isPending) return <Spinner label={t("app.loading")} />;
  const content = () => {
    if (!state.data) return <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />;
    if (state.data.registration === "closed") {
      return <Outcome title={a("register.closed")}>{a("register.closedHint")}</Outcome>;
    }
    if (done?.next === "check-mail") {
      return <Outcome title={a("register.sent")}>{a("register.sentHint", { email: done.email })}</Outcome>;
    }
    if (done) return <Outcome title={a("register.done")}>{a("register.doneHint")}</Outcome>;
    return (
      <>
        <NewAccountForm
          words={{ submit: a("register.submit"), sending: a("register.sending") }}
          send={send}
        />
        <BackToSignIn />
      </>
    );
  };
  return (
    <DoorCard page={a("register.page")} heading={a("register.heading")}>
      {content()}
    </DoorCard>
  );
}
