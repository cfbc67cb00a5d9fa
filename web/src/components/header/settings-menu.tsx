import { Settings2 } from "lucide-react";
import { changeSettings, type Language, THEMES, useSettings } from "../../hooks/settings.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { Segmented } from "../segmented.tsx";
import { HeaderPopover } from "./header-popover.tsx";
import styles from "./settings-menu.module.css";

const LANGUAGE_NAMES: ReadonlyArray<{ value: Language; label: string; lang: string }> = [
  { value: "en", label: "English", lang: "en" },
  { value: "ru", label: "Русский", lang: "ru" },
];

/** Language and theme. */
export function SettingsMenu() {
  const { t } = useI18n();
  const { language, theme } = useSettings();
  return (
    <HeaderPopover
      label={t("settings.title")}
      title={t("settings.title")}
      trigger={<Settings2 size={22} aria-hidden="true" />}
    >
      {() => (
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
        </div>
      )}
    </HeaderPopover>
  );
}
