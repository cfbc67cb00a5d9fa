import { Menu } from "@base-ui/react/menu";
import { EllipsisVertical, Pencil, Trash2 } from "lucide-react";
import { buttonClass } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./model-menu.module.css";

interface ModelMenuProps {
  name: string;
  onRename: () => void;
  onDelete: () => void;
}

/** What can be done with one model of the gallery. */
export function ModelMenu({ name, onRename, onDelete }: ModelMenuProps) {
  const { t } = useI18n();
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("quiet", true)} aria-label={t("gallery.actions", { name })}>
        <EllipsisVertical size={20} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} collisionPadding={8} className={styles.positioner}>
          <Menu.Popup className={styles.popup}>
            <Menu.Item className={styles.item} onClick={onRename}>
              <Pencil size={18} aria-hidden="true" />
              {t("gallery.rename")}
            </Menu.Item>
            <Menu.Item className={`${styles.item} ${styles.danger}`} onClick={onDelete}>
              <Trash2 size={18} aria-hidden="true" />
              {t("gallery.delete")}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
