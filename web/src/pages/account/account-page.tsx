import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useMe } from "../../session/use-me.ts";
import { AccountFrame } from "./account-frame.tsx";
import { DeleteAccount } from "./delete-account.tsx";
import { PasswordCard } from "./password-card.tsx";
import { PrivacyCard } from "./privacy-card.tsx";
import { ProfileCard } from "./profile-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";

/** A person's own account. */
export default function AccountPage() {
  const { a } = useAccountI18n();
  const { data: me, error, isPending, refetch } = useMe();
  const content = () => {
    if (isPending) return <Spinner label={a("account.loading")} />;
    if (!me)
      return <ErrorNotice error={error} title={a("account.loadFailed")} onRetry={() => void refetch()} />;
    return (
      <>
        <ProfileCard me={me} />
        <PasswordCard me={me} />
        <SessionsCard />
        <PrivacyCard />
        <DeleteAccount me={me} />
      </>
    );
  };
  return (
    <AccountFrame page={a("account.page")} heading={a("account.heading")}>
      {content()}
    </AccountFrame>
  );
}
