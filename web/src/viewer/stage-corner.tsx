import { Toolbar } from "@base-ui/react/toolbar";
import { Tooltip } from "@base-ui/react/tooltip";
import { Maximize, Minimize } from "lucide-react";
import { HelpPopover } from "./help-popover.tsx";
import type { ViewerCommand } from "./key-commands.ts";
import { ToolButton } from "./tool-button.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";

type StageCornerProps = {
  fullscreen: boolean;
  run: (command: ViewerCommand) => void;
  help: boolean;
  onHelp: (open: boolean) => void;
};

/** Help and full screen, over the picture's corner. */
export function StageCorner({ fullscreen, run, help, onHelp }: StageCornerProps) {
  const { t } = useViewerI18n();
  return (
    <Tooltip.Provider>
      <Toolbar.Root className={styles.corner} aria-label={t("viewer.corner")}>
        <HelpPopover open={help} onOpenChange={onHelp} />
        <ToolButton
          icon={fullscreen ? Minimize : Maximize}
          label={t(fullscreen ? "viewer.leaveFullscreen" : "viewer.fullscreen")}
          shortcut="Enter"
          onClick={() => run({ type: "toggle", what: "fullscreen" })}
        />
      </Toolbar.Root>
    </Tooltip.Provider>
  );
}
