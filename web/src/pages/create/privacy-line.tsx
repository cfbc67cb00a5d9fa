import { House, Send } from "lucide-react";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./options-panel.module.css";

/** What leaves this server, and to whom. `host` is null where nothing does. */
export function PrivacyLine({ host }: { host: string | null }) {
  const { t } = useI18n();
  return (
    <p className={styles.privacy}>
      {host ? (
        <Send size={18} aria-hidden="true" className={styles.away} />
      ) : (
        <House size={18} aria-hidden="true" />
      )}
      {host ? t("options.sentTo", { host }) : t("options.staysHere")}
    </p>
  );
}
