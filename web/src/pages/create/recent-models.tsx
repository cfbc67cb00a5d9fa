import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { listModels } from "../../api/models.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { ModelCard, ModelGrid, ModelGridGhost } from "../../components/model-card.tsx";
import { formatAgo } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { HowItWorks } from "./how-it-works.tsx";
import styles from "./recent-models.module.css";

const HOW_MANY = 4;

/** The newest models; how it works while there are none. */
export function RecentModels() {
  const { t, language } = useI18n();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: queryKeys.recentModels,
    queryFn: ({ signal }) => listModels({ limit: HOW_MANY }, signal),
  });

  if (error)
    return <ErrorNotice error={error} title={t("create.recentFailed")} onRetry={() => void refetch()} />;
  if (isPending) return <ModelGridGhost count={HOW_MANY} label={t("app.loading")} />;
  if (data.items.length === 0) return <HowItWorks />;
  return (
    <section aria-labelledby="recent-title">
      <div className={styles.head}>
        <h2 id="recent-title">{t("create.recent")}</h2>
        <Link href={paths.models} className={styles.all}>
          {t("create.allModels")}
        </Link>
      </div>
      <ModelGrid>
        {data.items.map((model) => (
          <li key={model.id}>
            <ModelCard model={model} meta={formatAgo(model.createdAt, Date.now(), language)} />
          </li>
        ))}
      </ModelGrid>
    </section>
  );
}
