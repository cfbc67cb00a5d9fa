import { useOnline } from "../hooks/use-online.ts";
import { useI18n } from "../i18n/use-i18n.ts";
import styles from "./offline-banner.module.css";

/** Says that the browser has no network; the region stays, so that a screen reader hears of the change. */
export function OfflineBanner() {
  const { t } = useI18n();
  const online = useOnline();
  return <div role="status">{!online && <p className={styles.banner}>{t("app.offline")}</p>}</div>;
}
