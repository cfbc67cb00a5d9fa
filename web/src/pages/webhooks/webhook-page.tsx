import { ArrowLeft } from "lucide-react";
import { Link } from "wouter";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useNavigate } from "../../hooks/use-navigate.ts";
import { paths } from "../../paths.ts";
import { DeliveryLog } from "./delivery-log.tsx";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import { WebhookCard } from "./webhook-card.tsx";
import { useWebhook } from "./webhook-queries.ts";
import styles from "./webhooks.module.css";

/** One webhook with its log. */
export default function WebhookPage({ id }: { id: string }) {
  const { w } = useWebhookI18n();
  const navigate = useNavigate();
  const { data: webhook, isPending, error, refetch } = useWebhook(id);
  return (
    <Page title={w("page")}>
      <div className={styles.page}>
        <div>
          <p className={styles.links}>
            <Link href={paths.webhooks}>
              <ArrowLeft size={18} aria-hidden="true" />
              {w("back")}
            </Link>
          </p>
          <PageHeading>{w("log")}</PageHeading>
          <p className={styles.lead}>{w("deliveries.lead")}</p>
        </div>
        {isPending && <Spinner label={w("loading")} />}
        {!webhook && error && (
          <ErrorNotice error={error} title={w("loadFailed")} onRetry={() => void refetch()} />
        )}
        {webhook && (
          <>
            <WebhookCard
              webhook={webhook}
              title={<h2 className={styles.url}>{webhook.url}</h2>}
              onLeave={() => navigate(paths.webhooks)}
            />
            <DeliveryLog webhook={webhook} />
          </>
        )}
      </div>
    </Page>
  );
}
