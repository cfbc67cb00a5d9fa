import { Menu } from "@base-ui/react/menu";
import { EllipsisVertical, KeyRound, ShieldCheck, Trash2, UserCheck, UserX } from "lucide-react";
import type { Member } from "../../api/admin.ts";
import { buttonClass } from "../../components/button.tsx";
import menu from "../gallery/model-menu.module.css";
import { nameOf } from "./admin-queries.ts";
import { useAdminI18n } from "./use-admin-i18n.ts";

export type MemberTask = "role" | "link" | "off" | "on" | "remove";

interface MemberMenuProps {
  member: Member;
  /** Whoever looks: nobody turns off or deletes the own account here. */
  isSelf: boolean;
  onTask: (task: MemberTask) => void;
}

/** What can be done with a member. */
export function MemberMenu({ member, isSelf, onTask }: MemberMenuProps) {
  const { d } = useAdminI18n();
  const isOff = member.disabledAt !== null;
  const Turn = isOff ? UserCheck : UserX;
  return (
    <Menu.Root>
      <Menu.Trigger
        className={buttonClass("quiet", true)}
        aria-label={d("users.actions", { name: nameOf(member) })}
      >
        <EllipsisVertical size={20} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} collisionPadding={8} className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Item className={menu.item} onClick={() => onTask("role")}>
              <ShieldCheck size={18} aria-hidden="true" />
              {d("users.changeRole")}
            </Menu.Item>
            {!isSelf && (
              <>
                {!isOff && (
                  <Menu.Item className={menu.item} onClick={() => onTask("link")}>
                    <KeyRound size={18} aria-hidden="true" />
                    {d("users.resetLink")}
                  </Menu.Item>
                )}
                <Menu.Item className={menu.item} onClick={() => onTask(isOff ? "on" : "off")}>
                  <Turn size={18} aria-hidden="true" />
                  {d(isOff ? "users.turnOn" : "users.turnOff")}
                </Menu.Item>
                <Menu.Item className={`${menu.item} ${menu.danger}`} onClick={() => onTask("remove")}>
                  <Trash2 size={18} aria-hidden="true" />
                  {d("users.delete")}
                </Menu.Item>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
