import { Toolbar } from "@base-ui/react/toolbar";
import { Tooltip } from "@base-ui/react/tooltip";
import {
  Box,
  Camera,
  Grid3x3,
  Image,
  Maximize,
  Minimize,
  Minus,
  Plus,
  RefreshCw,
  RulerDimensionLine,
  ScanEye,
} from "lucide-react";
import { HelpPopover } from "./help-popover.tsx";
import type { ViewerCommand } from "./key-commands.ts";
import { LookPopover } from "./look-popover.tsx";
import { ToolButton } from "./tool-button.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";
import styles from "./viewer-toolbar.module.css";

type ViewerToolbarProps = {
  options: ViewerOptions;
  onChange: ChangeOptions;
  run: (command: ViewerCommand) => void;
  fullscreen: boolean;
  hasPhoto: boolean;
  help: boolean;
  onHelp: (open: boolean) => void;
};

/** Everything the viewer can do, as buttons; each has its key, listed in the help. */
export function ViewerToolbar({
  options,
  onChange,
  run,
  fullscreen,
  hasPhoto,
  help,
  onHelp,
}: ViewerToolbarProps) {
  const { t } = useViewerI18n();
  return (
    <Tooltip.Provider>
      <Toolbar.Root className={styles.toolbar} aria-label={t("viewer.toolbar")}>
        <ToolButton
          icon={ScanEye}
          label={t("viewer.fit")}
          shortcut="F"
          onClick={() => run({ type: "view", view: "home" })}
        />
        <ToolButton
          icon={Plus}
          label={t("viewer.zoomIn")}
          shortcut="+"
          onClick={() => run({ type: "zoom", steps: 1 })}
        />
        <ToolButton
          icon={Minus}
          label={t("viewer.zoomOut")}
          shortcut="-"
          onClick={() => run({ type: "zoom", steps: -1 })}
        />
        <ToolButton
          icon={RefreshCw}
          label={t("viewer.rotate")}
          shortcut="R"
          pressed={options.rotation}
          onClick={() => onChange({ rotation: !options.rotation })}
        />
        <ToolButton
          icon={Grid3x3}
          label={t("viewer.grid")}
          shortcut="G"
          pressed={options.grid}
          onClick={() => onChange({ grid: !options.grid })}
        />
        <ToolButton
          icon={RulerDimensionLine}
          label={t("viewer.dimensions")}
          shortcut="M"
          pressed={options.dimensions}
          onClick={() => onChange({ dimensions: !options.dimensions })}
        />
        <ToolButton
          icon={Box}
          label={t("viewer.wireframe")}
          shortcut="W"
          pressed={options.wireframe}
          onClick={() => onChange({ wireframe: !options.wireframe })}
        />
        <LookPopover options={options} onChange={onChange} />
        {hasPhoto && (
          <ToolButton
            icon={Image}
            label={t("viewer.photo")}
            pressed={options.photo}
            onClick={() => onChange({ photo: !options.photo })}
          />
        )}
        <ToolButton
          icon={Camera}
          label={t("viewer.screenshot")}
          shortcut="S"
          onClick={() => run({ type: "screenshot" })}
        />
        <ToolButton
          icon={fullscreen ? Minimize : Maximize}
          label={t(fullscreen ? "viewer.leaveFullscreen" : "viewer.fullscreen")}
          shortcut="Enter"
          onClick={() => run({ type: "toggle", what: "fullscreen" })}
        />
        <HelpPopover open={help} onOpenChange={onHelp} />
      </Toolbar.Root>
    </Tooltip.Provider>
  );
}
