import { Menu } from "@base-ui/react/menu";
import { Check, Sun } from "lucide-react";
import { useContext } from "react";
import { useI18n } from "../i18n/use-i18n.ts";
import { BACKGROUNDS } from "./backgrounds.ts";
import { LIGHT_PRESET_NAMES } from "./light-presets.ts";
import { PortalHost } from "./portal-host.ts";
import { ToolButton } from "./tool-button.tsx";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";
import styles from "./viewer-toolbar.module.css";

type LookMenuProps = { options: ViewerOptions; onChange: ChangeOptions };

/** Chooses the light preset and what is behind the model. */
export function LookMenu({ options, onChange }: LookMenuProps) {
  const { t } = useI18n();
  const host = useContext(PortalHost);
  return (
    <Menu.Root modal={false}>
      <ToolButton icon={Sun} label={t("viewer.look")} render={<Menu.Trigger />} />
      <Menu.Portal container={host}>
        <Menu.Positioner sideOffset={8} className={styles.positioner}>
          <Menu.Popup className={styles.menu}>
            <Choice
              title={t("viewer.light")}
              value={options.light}
              choices={LIGHT_PRESET_NAMES.map((name) => [name, t(`viewer.lights.${name}`)])}
              onChoose={(light) => onChange({ light })}
            />
            <Menu.Separator className={styles.menuLine} />
            <Choice
              title={t("viewer.background")}
              value={options.background}
              choices={BACKGROUNDS.map((name) => [name, t(`viewer.backgrounds.${name}`)])}
              onChoose={(background) => onChange({ background })}
            />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

type ChoiceProps<T extends string> = {
  title: string;
  value: T;
  choices: ReadonlyArray<readonly [T, string]>;
  onChoose: (value: T) => void;
};

function Choice<T extends string>({ title, value, choices, onChoose }: ChoiceProps<T>) {
  return (
    <Menu.Group>
      <Menu.GroupLabel className={styles.menuTitle}>{title}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={onChoose}>
        {choices.map(([name, label]) => (
          <Menu.RadioItem key={name} value={name} className={styles.menuItem} closeOnClick={false}>
            <Menu.RadioItemIndicator keepMounted className={styles.menuMark}>
              <Check size={16} aria-hidden />
            </Menu.RadioItemIndicator>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}
