import { Popover } from "@base-ui/react/popover";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { PortalHost } from "./portal-host.ts";
import { ToolButton } from "./tool-button.tsx";
import styles from "./viewer-toolbar.module.css";

type ToolPopoverProps = { icon: LucideIcon; label: string; name: string; children: ReactNode };

/** A button of the toolbar that opens a group of choices; `name` is the short word beside the icon. */
export function ToolPopover({ icon, label, name, children }: ToolPopoverProps) {
  const host = useContext(PortalHost);
  return (
    <Popover.Root>
      <ToolButton icon={icon} label={label} name={name} render={<Popover.Trigger />} />
      <Popover.Portal container={host}>
        <Popover.Positioner side="top" sideOffset={8} collisionPadding={8} className={styles.positioner}>
          <Popover.Popup className={`${styles.popup} ${styles.choices}`} aria-label={label}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
