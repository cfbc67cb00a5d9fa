import { Popover } from "@base-ui/react/popover";
import { type ReactNode, useState } from "react";
import { buttonClass } from "../button.tsx";
import styles from "./popup.module.css";

interface HeaderPopoverProps {
  /** What the button says to a screen reader. */
  label: string;
  title: string;
  /** What the button shows. */
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
}

/** A button in the header with a small panel below it. */
export function HeaderPopover({ label, title, trigger, children }: HeaderPopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonClass("quiet", true)} aria-label={label}>
        {trigger}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={8} align="end" collisionPadding={16} className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>{title}</Popover.Title>
            {children(() => setOpen(false))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
