import { Popover } from "@base-ui/react/popover";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useContext, useRef } from "react";
import { PortalHost } from "./portal-host.ts";
import { ToolButton } from "./tool-button.tsx";
import styles from "./viewer-toolbar.module.css";

type ToolPopoverProps = {
  icon: LucideIcon;
  label: string;
  name: string;
  /** Opens at the viewer's edge where there is room: what the choices do is seen in the middle. */
  aside?: boolean;
  children: ReactNode;
};

const ROOM_PIXELS = 640;

/** A button of the toolbar that opens a group of choices; `name` is the short word beside the icon. */
export function ToolPopover({ icon, label, name, aside, children }: ToolPopoverProps) {
  const host = useContext(PortalHost);
  const trigger = useRef<HTMLButtonElement>(null);
  const edge = () => {
    const toolbar = aside && trigger.current?.closest('[role="toolbar"]');
    return toolbar && toolbar.clientWidth >= ROOM_PIXELS ? toolbar : trigger.current;
  };
  return (
    <Popover.Root>
      <ToolButton icon={icon} label={label} name={name} render={<Popover.Trigger ref={trigger} />} />
      <Popover.Portal container={host}>
        <Popover.Positioner
          side="top"
          align={aside ? "start" : "center"}
          anchor={edge}
          sideOffset={8}
          collisionPadding={8}
          className={styles.positioner}
        >
          <Popover.Popup className={`${styles.popup} ${styles.choices}`} aria-label={label}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
