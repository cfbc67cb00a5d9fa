import { Menu } from "@base-ui/react/menu";
import { Download, EllipsisVertical, History, ShieldCheck, Trash2 } from "lucide-react";
import { backupUrl } from "../../../api/backups.ts";
import { buttonClass } from "../../../components/button.tsx";
import menu from "../../gallery/model-menu.module.css";
import { useSystemI18n } from "./use-system-i18n.ts";

export type BackupTask = "verify" | "restore" | "delete";

interface BackupMenuProps {
  filename: string;
  /** Another one is being made, verified or restored: only one at a time. */
  isBusy: boolean;
  onTask: (task: BackupTask) => void;
}

/** What can be done with a backup. */
export function BackupMenu({ filename, isBusy, onTask }: BackupMenuProps) {
  const { s } = useSystemI18n();
  return (
    <Menu.Root>
      <Menu.Trigger
        className={buttonClass("quiet", true)}
        aria-label={s("backups.actions", { name: filename })}
      >
        <EllipsisVertical size={20} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} collisionPadding={8} className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Item className={menu.item} disabled={isBusy} onClick={() => onTask("verify")}>
              <ShieldCheck size={18} aria-hidden="true" />
              {s("backups.verify")}
            </Menu.Item>
            <Menu.Item className={menu.item} render={<a href={backupUrl(filename)} download />}>
              <Download size={18} aria-hidden="true" />
              {s("backups.download")}
            </Menu.Item>
            <Menu.Item className={menu.item} disabled={isBusy} onClick={() => onTask("restore")}>
              <History size={18} aria-hidden="true" />
              {s("backups.restore")}
            </Menu.Item>
            <Menu.Item
              className={`${menu.item} ${menu.danger}`}
              disabled={isBusy}
              onClick={() => onTask("delete")}
            >
              <Trash2 size={18} aria-hidden="true" />
              {s("backups.delete")}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
