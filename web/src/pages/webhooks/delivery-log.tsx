import { Inbox } from "lucide-react";
import { useState } from "react";
import type { DeliveryState, Webhook } from "../../../../server/contract/webhook.ts";
import { DELIVERY_STATES } from "../../../../server/contract/webhook-names.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Field } from "../../components/field.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { DeliveryItem } from "./delivery-item.tsx";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import { useDeliveries } from "./webhook-queries.ts";
import styles from "./webhooks.module.css";

/** What was sent to a webhook, in whatever state the list is. */
export function DeliveryLog({ webhook }: { webhook: Webhook }) {
  const { w } = useWebhookI18n();
  const [status, setStatus] = useState<DeliveryState | null>(null);
  const list = useDeliveries(webhook.id, status);
  const deliveries = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className={styles.filter}>
        <Field label={w("deliveries.filter")}>
          {(control) => (
            <select
              {...control}
              value={status ?? ""}
              onChange={(event) => setStatus((event.target.value || null) as DeliveryState | null)}
            >
              <option value="">{w("deliveries.all")}</option>
              {DELIVERY_STATES.map((state) => (
                <option key={state} value={state}>
                  {w(`state.${state}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {list.isPending && <Spinner label={w("deliveries.loading")} />}
      {list.isError && (
        <ErrorNotice
          error={list.error}
          title={w("deliveries.loadFailed")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && deliveries.length === 0 && (
        <EmptyState
          icon={<Inbox size={44} aria-hidden="true" />}
          title={w("deliveries.empty")}
          hint={status ? w("deliveries.emptyFilter") : w("deliveries.emptyHint")}
        />
      )}
      <ul className={styles.list} aria-label={w("log")}>
        {deliveries.map((delivery) => (
          <li key={delivery.id}>
            <DeliveryItem webhookId={webhook.id} enabled={webhook.enabled} delivery={delivery} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {w("deliveries.loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}
