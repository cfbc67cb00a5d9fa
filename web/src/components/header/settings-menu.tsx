import { Settings2 } from "lucide-react";
import { Link } from "wouter";
import { changeSettings, type Language, THEMES, useSettings } from "../../hooks/settings.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import { Segmented } from "../segmented.tsx";
import { HeaderPopover } from "./header-popover.tsx";
import styles from "./settings-menu.module.css";

const LANGUAGE_NAMES: ReadonlyArray<{ value: Language; label: string; lang: string }> = [
  { value: "en", label: "English", lang: "en" },
  { value: "ru", label: "Русский", lang: "ru" },
];

/** Language and theme; members also find what is for programs. */
export function SettingsMenu({ isSignedIn = true }: { isSignedIn?: boolean }) {
  const { t } = useI18n();
  const { language, theme } = useSettings();
  return (
    <HeaderPopover
      label={t("settings.title")}
      title={t("settings.title")}
      trigger={<Settings2 size={22} aria-hidden="true" />}
    >
      {(close) => (
        <div className={styles.groups}>
          <Segmented
            legend={t("settings.language")}
            value={language}
            options={LANGUAGE_NAMES}
            onChange={(value) => changeSettings({ language: value })}
          />
          <Segmented
            legend={t("settings.theme")}
            value={theme}
            options={THEMES.map((value) => ({ value, label: t(`settings.${value}`) }))}
            onChange={(value) => changeSettings({ theme: value })}
          />
          {isSignedIn && (
            <nav aria-label={t("settings.developers")}>
              <h3 className={styles.legend}>{t("settings.developers")}</h3>
              <Link href={paths.webhooks} className={styles.link} onClick={close}>
                {t("settings.webhooks")}
              </Link>
              <a href="/docs" className={styles.link}>
                API
              </a>
              {!hasAccounts && (
                <Link href={paths.system} className={styles.link} onClick={close}>
                  {t("settings.server")}
                </Link>
              )}
            </nav>
          )}
        </div>
      )}
    </HeaderPopover>
  );
}
