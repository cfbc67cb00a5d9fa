import { Popover } from "@base-ui/react/popover";
import { Sun } from "lucide-react";
import { useContext } from "react";
import { Segmented } from "../components/segmented.tsx";
import { BACKGROUNDS } from "./backgrounds.ts";
import { LIGHT_PRESET_NAMES } from "./light-presets.ts";
import { PortalHost } from "./portal-host.ts";
import { ToolButton } from "./tool-button.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";
import styles from "./viewer-toolbar.module.css";

type LookPopoverProps = { options: ViewerOptions; onChange: ChangeOptions };

/** Chooses the light preset and what is behind the model. */
export function LookPopover({ options, onChange }: LookPopoverProps) {
  const { t } = useViewerI18n();
  const host = useContext(PortalHost);
  return (
    <Popover.Root>
      <ToolButton icon={Sun} label={t("viewer.look")} render={<Popover.Trigger />} />
      <Popover.Portal container={host}>
        <Popover.Positioner sideOffset={8} collisionPadding={8} className={styles.positioner}>
          <Popover.Popup className={`${styles.popup} ${styles.look}`} aria-label={t("viewer.look")}>
            <Segmented
              legend={t("viewer.light")}
              value={options.light}
              options={LIGHT_PRESET_NAMES.map((value) => ({ value, label: t(`viewer.lights.${value}`) }))}
              onChange={(light) => onChange({ light })}
            />
            <Segmented
              legend={t("viewer.background")}
              value={options.background}
              options={BACKGROUNDS.map((value) => ({ value, label: t(`viewer.backgrounds.${value}`) }))}
              onChange={(background) => onChange({ background })}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
