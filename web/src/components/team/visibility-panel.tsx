import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import styles from "../model/model-facts.module.css";
import { Segmented } from "../segmented.tsx";
import { showToast } from "../toasts.ts";
import { teamTranslator, useTeamI18n } from "./use-team-i18n.ts";

interface VisibilityPanelProps {
  model: Model;
  saving: boolean;
  /** Rejects when the change was not kept, which the page says. */
  change: (part: ModelChange) => Promise<unknown>;
}

/** Who sees the model; for those who may change it, where there is anybody else. */
export function VisibilityPanel({ model, saving, change }: VisibilityPanelProps) {
  const { m } = useTeamI18n();
  const { visibility } = model;
  if (!hasAccounts) return null;
  const choose = async (wanted: Model["visibility"]) => {
    if (saving || wanted === visibility) return;
    await change({ visibility: wanted }).then(
      () => showToast({ title: teamTranslator()(wanted === "team" ? "nowTeam" : "nowPrivate") }),
      () => undefined,
    );
  };
  return (
    <section className={styles.card} aria-label={m("visibility")} aria-busy={saving}>
      <Segmented
        legend={m("visibility")}
        value={visibility}
        options={[
          { value: "private", label: m("private") },
          { value: "team", label: m("forTeam") },
        ]}
        onChange={(wanted) => void choose(wanted)}
      />
      <p className={styles.soft}>{m(visibility === "team" ? "teamHint" : "privateHint")}</p>
    </section>
  );
}
