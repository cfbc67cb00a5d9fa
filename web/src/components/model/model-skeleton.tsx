import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./model-skeleton.module.css";

/** The outline of the model's page while it is asked for. */
export function ModelSkeleton() {
  const { t } = useI18n();
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
