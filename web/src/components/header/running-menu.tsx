import { Hourglass } from "lucide-react";
import { Link } from "wouter";
import type { Generation } from "../../../../server/contract/generation.ts";
import { useRunningGenerations } from "../../hooks/use-running-generations.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { describeProgress } from "../generation-status.ts";
import { ProgressBar } from "../progress-bar.tsx";
import { HeaderPopover } from "./header-popover.tsx";
import styles from "./running-menu.module.css";

function RunningItem({ generation, onOpen }: { generation: Generation; onOpen: () => void }) {
  const { t } = useI18n();
  return (
    <li>
      <Link href={paths.generation(generation.id)} className={styles.item} onClick={onOpen}>
        <img src={generation.photo.url} alt="" width={48} height={48} />
        <span className={styles.words}>
          <span className={styles.name}>{generation.name}</span>
          <span className={styles.stage}>{describeProgress(generation, t)}</span>
          {generation.status !== "queued" && generation.status !== "needs-confirmation" && (
            <ProgressBar label={t("generation.progress")} percent={generation.progress} />
          )}
        </span>
      </Link>
    </li>
  );
}

/** What is being made now, reachable from every view. */
export function RunningMenu() {
  const { t } = useI18n();
  const { data, isError } = useRunningGenerations();
  const items = data?.items ?? [];
  return (
    <HeaderPopover
      label={t("running.button", { count: items.length })}
      title={t("running.title")}
      trigger={
        <span className={styles.trigger}>
          <Hourglass size={22} aria-hidden="true" />
          {items.length > 0 && (
            <span className={styles.badge} aria-hidden="true">
              {items.length}
            </span>
          )}
        </span>
      }
    >
      {(close) => {
        if (items.length === 0) return <p>{isError ? t("running.failed") : t("running.empty")}</p>;
        return (
          <ul className={styles.list}>
            {items.map((generation) => (
              <RunningItem key={generation.id} generation={generation} onOpen={close} />
            ))}
          </ul>
        );
      }}
    </HeaderPopover>
  );
}
