import { Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Button, ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { ViewerNotice } from "../../components/team/viewer-notice.tsx";
import { paths } from "../../paths.ts";
import { useMayMake } from "../../session/role.ts";
import { SecretDialog } from "./secret-dialog.tsx";
import { useWebhookActions } from "./use-webhook-actions.ts";
import { useWebhookI18n } from "./use-webhook-i18n.ts";
import { WebhookCard } from "./webhook-card.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { useWebhooks } from "./webhook-queries.ts";
import styles from "./webhooks.module.css";

/** The visitor's webhooks, or why there are none to see. */
function WebhookList({ onAdd }: { onAdd: () => void }) {
  const { w } = useWebhookI18n();
  const { data, isPending, error, refetch } = useWebhooks();
  const mayMake = useMayMake();
  if (isPending) return <Spinner label={w("loading")} />;
  if (!data) return <ErrorNotice error={error} title={w("loadFailed")} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        icon={<WebhookIcon size={44} aria-hidden="true" />}
        title={w("empty")}
        hint={w("emptyHint")}
        action={
          mayMake && (
            <Button variant="primary" onClick={onAdd}>
              {w("add")}
            </Button>
          )
        }
      />
    );
  }
  return (
    <>
      <div className={styles.head}>
        <p className={styles.quiet} role="status">
          {w("count", { count: data.items.length })}
        </p>
        {mayMake && (
          <Button variant="primary" onClick={onAdd}>
            {w("add")}
          </Button>
        )}
      </div>
      <ul className={styles.list} aria-label={w("list")}>
        {data.items.map((webhook) => (
          <li key={webhook.id}>
            <WebhookCard
              webhook={webhook}
              title={
                <h2 className={styles.url}>
                  <Link href={paths.webhook(webhook.id)}>{webhook.url}</Link>
                </h2>
              }
              actions={<ButtonLink href={paths.webhook(webhook.id)}>{w("log")}</ButtonLink>}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Where an owner of programs says what they are told of. */
export default function WebhooksPage() {
  const { w } = useWebhookI18n();
  const { create } = useWebhookActions();
  const [isAdding, setIsAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const openForm = () => {
    create.reset();
    setIsAdding(true);
  };
  return (
    <Page title={w("page")}>
      <div className={styles.page}>
        <div>
          <PageHeading>{w("heading")}</PageHeading>
          <p className={styles.lead}>{w("lead")}</p>
          <p className={styles.links}>
            <a href="/docs">{w("reference")}</a>
            <a href="https://www.standardwebhooks.com" rel="noreferrer">
              {w("verify")}
            </a>
          </p>
        </div>
        <ViewerNotice about="webhooks" />
        <WebhookList onAdd={openForm} />
      </div>
      {isAdding && (
        <WebhookForm
          saving={create.isPending}
          error={create.error}
          onClose={() => setIsAdding(false)}
          onSave={(fields) =>
            create.mutate(fields, {
              onSuccess: (created) => {
                setIsAdding(false);
                setSecret(created.secret);
              },
            })
          }
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}
