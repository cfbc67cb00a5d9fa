import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { Role } from "../../../../server/contract/access.ts";
import type { ApiKeyWithText } from "../../../../server/contract/api-key.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import styles from "../account/account.module.css";
import { AccountCard } from "../account/account-card.tsx";
import { ApiKeyDialog } from "./api-key-dialog.tsx";
import { ApiKeyForm } from "./api-key-form.tsx";
import { ApiKeyItem } from "./api-key-item.tsx";
import { useApiKeys } from "./key-queries.ts";
import { useKeysI18n } from "./use-keys-i18n.ts";

function ApiKeyList() {
  const { k } = useKeysI18n();
  const list = useApiKeys();
  if (list.isPending) return <Spinner label={k("api.loading")} />;
  if (!list.data) {
    return <ErrorNotice error={list.error} title={k("api.loadFailed")} onRetry={() => void list.refetch()} />;
  }
  const keys = list.data.pages.flatMap(({ items }) => items);
  if (keys.length === 0) {
    return (
      <EmptyState
        icon={<KeyRound size={40} aria-hidden="true" />}
        title={k("api.empty")}
        hint={k("api.emptyHint")}
      />
    );
  }
  return (
    <>
      <ul className={styles.items} aria-label={k("api.list")}>
        {keys.map((key) => (
          <ApiKeyItem key={key.id} apiKey={key} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button aria-disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {k("api.more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** Keys for the person's programs. */
export function ApiKeysCard({ role }: { role: Role }) {
  const { k } = useKeysI18n();
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<ApiKeyWithText | null>(null);
  return (
    <AccountCard heading={k("api.heading")} lead={k("api.lead")}>
      <ApiKeyList />
      <div className={styles.row}>
        <Button variant="primary" onClick={() => setIsAdding(true)}>
          {k("api.add")}
        </Button>
        <a href="/docs">{k("api.reference")}</a>
      </div>
      {isAdding && (
        <ApiKeyForm
          role={role}
          onMade={(key) => {
            setIsAdding(false);
            setMade(key);
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {made && <ApiKeyDialog made={made} onClose={() => setMade(null)} />}
    </AccountCard>
  );
}
