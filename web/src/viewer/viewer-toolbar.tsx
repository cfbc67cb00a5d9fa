import { Toolbar } from "@base-ui/react/toolbar";
import { Tooltip } from "@base-ui/react/tooltip";
import { MapPin, Minus, Plus, RefreshCw, ScanEye } from "lucide-react";
import type { ViewerCommand } from "./key-commands.ts";
import type { LengthUnit } from "./length-format.ts";
import { LookPopover } from "./look-popover.tsx";
import { MeasurePopover } from "./measure-popover.tsx";
import { PhotoPopover } from "./photo-popover.tsx";
import { PicturePopover } from "./picture-popover.tsx";
import { ToolButton } from "./tool-button.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";
import styles from "./viewer-toolbar.module.css";

type ViewerToolbarProps = {
  options: ViewerOptions;
  unit: LengthUnit;
  onChange: ChangeOptions;
  run: (command: ViewerCommand) => void;
  hasPhoto: boolean;
  /** Null where there are no notes and none can be made. */
  notesCount: number | null;
};

/** Everything the viewer can do, as buttons and groups of choices; keys do the same and are listed in the help. */
export function ViewerToolbar({ options, unit, onChange, run, hasPhoto, notesCount }: ViewerToolbarProps) {
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
          icon={Minus}
          label={t("viewer.zoomOut")}
          shortcut="-"
          wideOnly
          onClick={() => run({ type: "zoom", steps: -1 })}
        />
        <ToolButton
          icon={Plus}
          label={t("viewer.zoomIn")}
          shortcut="+"
          wideOnly
          onClick={() => run({ type: "zoom", steps: 1 })}
        />
        <ToolButton
          icon={RefreshCw}
          label={t("viewer.rotate")}
          shortcut="R"
          pressed={options.rotation}
          onClick={() => onChange({ rotation: !options.rotation })}
        />
        <Toolbar.Separator className={styles.separator} />
        <LookPopover options={options} onChange={onChange} />
        <MeasurePopover options={options} unit={unit} onChange={onChange} />
        {hasPhoto && <PhotoPopover options={options} onChange={onChange} />}
        {notesCount !== null && (
          <ToolButton
            icon={MapPin}
            label={t("viewer.notes.title")}
            name={t("viewer.names.notes")}
            badge={notesCount || undefined}
            shortcut="T"
            pressed={options.notes}
            onClick={() => onChange({ notes: !options.notes })}
          />
        )}
        <PicturePopover options={options} onChange={onChange} onSave={() => run({ type: "screenshot" })} />
      </Toolbar.Root>
    </Tooltip.Provider>
  );
}
