import { Toolbar } from "@base-ui/react/toolbar";
import { Tooltip } from "@base-ui/react/tooltip";
import type { LucideIcon } from "lucide-react";
import { type ReactElement, useContext } from "react";
import { PortalHost } from "./portal-host.ts";
import styles from "./viewer-toolbar.module.css";

type ToolButtonProps = {
  icon: LucideIcon;
  label: string;
  /** A short word beside the icon, where there is room. */
  name?: string;
  badge?: number;
  /** The key that does the same, for the tooltip. */
  shortcut?: string;
  pressed?: boolean;
  /** Left out on a phone, where fingers do the same. */
  wideOnly?: boolean;
  onClick?: () => void;
  /** Another part that the button opens, such as a menu's trigger. */
  render?: ReactElement;
};

/** An icon button of the viewer's toolbar, with its name as label and tooltip. */
export function ToolButton({ icon: Icon, label, shortcut, pressed, onClick, ...rest }: ToolButtonProps) {
  const host = useContext(PortalHost);
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={<Toolbar.Button render={rest.render} />}
        className={styles.button}
        data-wide-only={rest.wideOnly || undefined}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut}
        onClick={onClick}
      >
        <Icon size={20} aria-hidden />
        {rest.name && <span className={styles.name}>{rest.name}</span>}
        {rest.badge !== undefined && <span className={styles.badge} data-count={rest.badge} />}
      </Tooltip.Trigger>
      <Tooltip.Portal container={host}>
        <Tooltip.Positioner sideOffset={8} className={styles.positioner}>
          <Tooltip.Popup className={styles.tooltip}>
            {label}
            {shortcut && <kbd className={styles.key}>{shortcut}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
