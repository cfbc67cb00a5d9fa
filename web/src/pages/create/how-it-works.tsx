import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./how-it-works.module.css";

const STEPS = [1, 2, 3] as const;

/** Three steps, for someone who has no model yet. */
export function HowItWorks() {
  const { t } = useI18n();
  return (
    <section aria-labelledby="how-title">
      <h2 id="how-title">{t("create.how")}</h2>
      <ol className={styles.steps}>
        {STEPS.map((step) => (
          <li key={step} className={styles.step}>
            <span className={styles.number} aria-hidden="true">
              {step}
            </span>
            <h3>{t(`create.step${step}`)}</h3>
            <p className={styles.hint}>{t(`create.step${step}Hint`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
