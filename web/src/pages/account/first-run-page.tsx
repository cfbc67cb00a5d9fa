import { useLocation } from "wouter";
import { claimFirstAdmin, type NewAccount } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import styles from "./account.module.css";
import { DoorCard } from "./door-card.tsx";
import { enter } from "./enter.ts";
import { LinkMissing } from "./link-problem.tsx";
import { useLinkToken } from "./link-token.ts";
import { NewAccountForm } from "./new-account-form.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

/** Whoever has the link of the server's log makes the administrator's account. */
export default function FirstRunPage() {
  const { a } = useAccountI18n();
  const [, navigate] = useLocation();
  const token = useLinkToken();
  if (!token) return <LinkMissing page={a("firstRun.page")} />;
  const send = async (account: NewAccount) => {
    const signedIn = await claimFirstAdmin({ ...account, token });
    navigate(paths.create, { replace: true });
    enter(signedIn);
  };
  return (
    <DoorCard page={a("firstRun.page")} heading={a("firstRun.heading")}>
      <p className={styles.quiet}>{a("firstRun.lead")}</p>
      <NewAccountForm words={{ submit: a("firstRun.submit"), sending: a("firstRun.sending") }} send={send} />
    </DoorCard>
  );
}
