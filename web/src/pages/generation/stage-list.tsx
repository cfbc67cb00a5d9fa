import { Circle, CircleCheck, CircleDot } from "lucide-react";
import type { Generation } from "../../../../server/contract/generation.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./generation-page.module.css";
import { currentStage, stagesOf } from "./stages.ts";

const ICONS = { done: CircleCheck, current: CircleDot, ahead: Circle };

/** What is behind, what is on, and what is still to come. */
export function StageList({ generation }: { generation: Generation }) {
  const { t } = useI18n();
  const stages = stagesOf(generation.provider);
  const now = stages.indexOf(currentStage(generation));
  return (
    <ol className={styles.stages} aria-label={t("generation.steps")}>
      {stages.map((stage, index) => {
        const state = index < now ? "done" : index === now ? "current" : "ahead";
        const Icon = ICONS[state];
        return (
          <li
            key={stage}
            className={`${styles.stage} ${state === "ahead" ? "" : styles[state]}`}
            aria-current={state === "current" ? "step" : undefined}
          >
            <Icon size={20} aria-hidden="true" />
            {t(`generation.stage.${stage}`)}
            {state === "done" && <span className="visually-hidden">({t("generation.stepDone")})</span>}
          </li>
        );
      })}
    </ol>
  );
}
