import { Popover } from "@base-ui/react/popover";
import { CircleQuestionMark, X } from "lucide-react";
import { useContext } from "react";
import { PortalHost } from "./portal-host.ts";
import { ToolButton } from "./tool-button.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer-toolbar.module.css";

type HelpPopoverProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** What mouse, fingers and keys do. */
export function HelpPopover({ open, onOpenChange }: HelpPopoverProps) {
  const { t } = useViewerI18n();
  const host = useContext(PortalHost);
  const arrows = t("viewer.keys.arrows");
  const rows = [
    ["turn", [arrows]],
    ["move", [t("viewer.keys.shift"), arrows]],
    ["zoom", ["+", "−"]],
    ["fit", ["F"]],
    ["front", ["1", "2", "3"]],
    ["rotate", ["R"]],
    ["surfaces", ["C", "N", "W"]],
    ["light", ["L"]],
    ["exposure", ["[", "]"]],
    ["shadow", ["O"]],
    ["dimensions", ["M"]],
    ["grid", ["G"]],
    ["unit", ["U"]],
    ["figures", ["H", "D"]],
    ["photo", ["P", "B"]],
    ["notes", ["T"]],
    ["screenshot", ["S"]],
    ["fullscreen", [t("viewer.keys.enter")]],
    ["help", ["?"]],
  ] as const;
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <ToolButton
        icon={CircleQuestionMark}
        label={t("viewer.help")}
        shortcut="?"
        render={<Popover.Trigger />}
      />
      <Popover.Portal container={host}>
        <Popover.Positioner sideOffset={8} collisionPadding={8} className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <div className={styles.helpHead}>
              <Popover.Title className={styles.helpTitle}>{t("viewer.help")}</Popover.Title>
              <Popover.Close className={styles.button} aria-label={t("viewer.close")}>
                <X size={18} aria-hidden />
              </Popover.Close>
            </div>
            <p>{t("viewer.helpMouse")}</p>
            <p>{t("viewer.helpTouch")}</p>
            <dl className={styles.helpKeys}>
              {rows.map(([name, keys]) => (
                <div key={name}>
                  <dt>{t(`viewer.helpKeys.${name}`)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key} className={styles.key}>
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
