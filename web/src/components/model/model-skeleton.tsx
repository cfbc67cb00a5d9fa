import styles from "./model-skeleton.module.css";
import { useModelI18n } from "./use-model-i18n.ts";

/** The outline of the model's page while it is asked for. */
export function ModelSkeleton() {
  const { t } = useModelI18n();
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{t("model.loading")}</span>
      <div className={styles.title} />
      <div className={styles.stage} />
      <div className={styles.side}>
        <div />
        <div />
        <div />
      </div>
    </div>
  );
}
