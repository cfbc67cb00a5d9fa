import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { ApiKey } from "../../../../server/contract/api-key.ts";
import { Button } from "../../components/button.tsx";
import { useNow } from "../../hooks/use-now.ts";
import { formatAgo, formatDay } from "../../i18n/format.ts";
import styles from "../account/account.module.css";
import { ConfirmDialog } from "../webhooks/confirm-dialog.tsx";
import { useApiKeyActions } from "./key-queries.ts";
import { useKeysI18n } from "./use-keys-i18n.ts";

/** An API key, as far as it can still be seen, and its end. */
export function ApiKeyItem({ apiKey }: { apiKey: ApiKey }) {
  const { k, language } = useKeysI18n();
  const { revoke } = useApiKeyActions();
  const [isAsking, setIsAsking] = useState(false);
  const now = useNow(false);
  const { name, prefix, scopes, createdAt, expiresAt, isExpired, lastUsedAt } = apiKey;
  const end = () => {
    if (!expiresAt) return k("api.forever");
    return k(isExpired ? "api.ended" : "api.until", { date: formatDay(expiresAt, language) });
  };
  return (
    <li className={styles.item}>
      <KeyRound size={24} aria-hidden="true" />
      <div>
        <p className={styles.strong}>
          {name}{" "}
          <span className={styles.mark} data-tone={isExpired ? "off" : "good"}>
            {k(isExpired ? "api.expired" : "api.active")}
          </span>
        </p>
        <p>
          <code>{prefix}…</code> · {scopes.map((scope) => k(`scopes.${scope}`)).join(" · ")}
        </p>
        <p className={styles.parts}>
          <span>
            {lastUsedAt ? k("api.used", { time: formatAgo(lastUsedAt, now, language) }) : k("api.neverUsed")}
          </span>{" "}
          <span>{end()}</span> <span>{k("api.made", { date: formatDay(createdAt, language) })}</span>
        </p>
      </div>
      <Button
        aria-label={k("api.revokeThis", { name })}
        aria-disabled={revoke.isPending}
        onClick={() => !revoke.isPending && setIsAsking(true)}
      >
        {k("api.revoke")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={k("api.revokeTitle", { name })}
          hint={k("api.revokeHint")}
          confirm={k("api.revokeConfirm")}
          variant="danger"
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            revoke.mutate(apiKey);
          }}
        />
      )}
    </li>
  );
}
