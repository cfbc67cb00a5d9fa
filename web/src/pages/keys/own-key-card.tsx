import { useState } from "react";
import type { ProviderView } from "../../../../server/contract/provider.ts";
import type { ProviderKey } from "../../../../server/contract/provider-key.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { formatRoubles } from "../../components/money/use-money-i18n.ts";
import { Notice } from "../../components/notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatDay } from "../../i18n/format.ts";
import styles from "../account/account.module.css";
import { AccountCard } from "../account/account-card.tsx";
import { ConfirmDialog } from "../webhooks/confirm-dialog.tsx";
import { useOwnKey, useOwnKeyActions } from "./key-queries.ts";
import { OwnKeyForm } from "./own-key-form.tsx";
import { useKeysI18n } from "./use-keys-i18n.ts";

const GENAPI = "https://gen-api.ru";
/** Where this server has not been told of another one. */
const GENAPI_HOST = "api.gen-api.ru";

function SavedKey({ ownKey, provider }: { ownKey: ProviderKey; provider: ProviderView | null }) {
  const { k, language } = useKeysI18n();
  const { remove } = useOwnKeyActions();
  const now = useNow(false);
  const [task, setTask] = useState<"replace" | "remove" | null>(null);
  const { lastFour, checkedAt, updatedAt } = ownKey;
  const balance = () => {
    if (provider?.keySource !== "own") return null;
    if (provider.balanceRoubles === null) return k("own.noBalance");
    return k("own.balance", { balance: formatRoubles(provider.balanceRoubles, language) });
  };
  const close = () => setTask(null);
  return (
    <>
      <Notice tone="good" title={k("own.saved")}>
        <p>
          {[
            k("own.pays"),
            k("own.ends", { end: `…${lastFour}` }),
            checkedAt
              ? k("own.checked", { time: formatAgo(checkedAt, now, language) })
              : k("own.since", { date: formatDay(updatedAt, language) }),
            balance(),
          ]
            .filter(Boolean)
            .join(" ")}
        </p>
      </Notice>
      {task === "replace" ? (
        <OwnKeyForm isReplacing onDone={close} onCancel={close} />
      ) : (
        <div className={styles.row}>
          <Button onClick={() => setTask("replace")}>{k("own.replace")}</Button>
          <Button variant="danger" aria-disabled={remove.isPending} onClick={() => setTask("remove")}>
            {k("own.remove")}
          </Button>
        </div>
      )}
      {task === "remove" && (
        <ConfirmDialog
          title={k("own.removeTitle")}
          hint={k("own.removeHint")}
          confirm={k("own.removeConfirm")}
          variant="danger"
          onClose={close}
          onConfirm={() => {
            close();
            remove.mutate();
          }}
        />
      )}
    </>
  );
}

/** Without a key: who pays then, and the way to one. */
function NoKey({ provider }: { provider: ProviderView | null }) {
  const { k } = useKeysI18n();
  return (
    <>
      <p>
        {k("own.none")} {provider && k(provider.keySource ? "own.noneService" : "own.noneLocal")}{" "}
        <a href={GENAPI} rel="noreferrer">
          {k("own.get")}
        </a>
      </p>
      <OwnKeyForm isReplacing={false} onDone={() => undefined} />
    </>
  );
}

/** The person's own key of the provider, which then pays for what this person makes. */
export function OwnKeyCard() {
  const { k } = useKeysI18n();
  const { ownKey, provider, data, error, isPending, refetch } = useOwnKey();
  const content = () => {
    if (isPending) return <Spinner label={k("own.loading")} />;
    if (!data)
      return <ErrorNotice error={error} title={k("own.loadFailed")} onRetry={() => void refetch()} />;
    return ownKey ? <SavedKey ownKey={ownKey} provider={provider} /> : <NoKey provider={provider} />;
  };
  return (
    <AccountCard heading={k("own.heading")} lead={k("own.lead")}>
      {content()}
      <div className={styles.words}>
        <h3>{k("own.leaves")}</h3>
        <p>{k("own.leavesKey")}</p>
        <p>{k("own.leavesPhoto", { host: provider?.sendsPhotoTo ?? GENAPI_HOST })}</p>
      </div>
    </AccountCard>
  );
}
