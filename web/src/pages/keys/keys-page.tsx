import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useMe } from "../../session/use-me.ts";
import { AccountFrame } from "../account/account-frame.tsx";
import { ApiKeysCard } from "./api-keys-card.tsx";
import { OwnKeyCard } from "./own-key-card.tsx";
import { useKeysI18n } from "./use-keys-i18n.ts";

/** A person's keys: those of this server for programs, and the own one of the provider. */
export default function KeysPage() {
  const { k } = useKeysI18n();
  const { data: me, error, isPending, refetch } = useMe();
  const content = () => {
    if (isPending) return <Spinner label={k("api.loading")} />;
    if (!me) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
    return (
      <>
        <ApiKeysCard role={me.role} />
        {me.role !== "viewer" && <OwnKeyCard />}
      </>
    );
  };
  return (
    <AccountFrame page={k("page")} heading={k("heading")}>
      {content()}
    </AccountFrame>
  );
}
