import styles from "../../components/header/app-header.module.css";
import { SettingsMenu } from "../../components/header/settings-menu.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import door from "./door.module.css";

/** The product's name, and language and theme. */
export function DoorHeader() {
  const { t } = useI18n();
  return (
    <header className={`${styles.bar} ${door.header}`}>
      <span className={styles.brand}>
        <img src="/favicon.svg" alt="" width={32} height={32} />
        {t("app.name")}
      </span>
      <SettingsMenu isSignedIn={false} />
    </header>
  );
}
