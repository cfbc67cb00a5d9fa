import { Menu } from "@base-ui/react/menu";
import { EllipsisVertical, KeyRound, Pause, Pencil, Trash2 } from "lucide-react";
import type { Webhook } from "../../../../server/contract/webhook.ts";
import { buttonClass } from "../../components/button.tsx";
import menu from "../gallery/model-menu.module.css";
import { useWebhookI18n } from "./use-webhook-i18n.ts";

export type WebhookTask = "edit" | "rotate" | "remove";

interface WebhookMenuProps {
  webhook: Webhook;
  onTask: (task: WebhookTask) => void;
  onPause: () => void;
}

/** What is done with a webhook now and then. */
export function WebhookMenu({ webhook, onTask, onPause }: WebhookMenuProps) {
  const { w } = useWebhookI18n();
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("quiet", true)} aria-label={w("more", { url: webhook.url })}>
        <EllipsisVertical size={20} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} collisionPadding={8} className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Item className={menu.item} onClick={() => onTask("edit")}>
              <Pencil size={18} aria-hidden="true" />
              {w("edit")}
            </Menu.Item>
            {webhook.enabled && (
              <Menu.Item className={menu.item} onClick={onPause}>
                <Pause size={18} aria-hidden="true" />
                {w("pause")}
              </Menu.Item>
            )}
            <Menu.Item className={menu.item} onClick={() => onTask("rotate")}>
              <KeyRound size={18} aria-hidden="true" />
              {w("rotate")}
            </Menu.Item>
            <Menu.Item className={`${menu.item} ${menu.danger}`} onClick={() => onTask("remove")}>
              <Trash2 size={18} aria-hidden="true" />
              {w("remove")}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
