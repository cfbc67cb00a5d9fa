import { Menu } from "@base-ui/react/menu";
import { LogOut } from "lucide-react";
import { Link, useLocation } from "wouter";
import { accountPaths } from "../../account-paths.ts";
import { buttonClass } from "../../components/button.tsx";
import { leave } from "../../session/sign-out.ts";
import { useMe } from "../../session/use-me.ts";
import menu from "../gallery/model-menu.module.css";
import styles from "./account.module.css";
import { accountLinks } from "./account-links.ts";
import { reportFailure } from "./report-failure.ts";
import { useAccountI18n } from "./use-account-i18n.ts";

/** One or two letters that stand for a person. */
export function initialsOf(name: string): string {
  const words = name
    .split("@")[0]
    .split(/[\s._-]+/)
    .filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => (word ? String.fromCodePoint(word.codePointAt(0)!) : ""))
    .join("")
    .toLocaleUpperCase();
}

/** Who is signed in, the ways to what is theirs, and the way out. */
export default function AccountMenu() {
  const { a } = useAccountI18n();
  const { data: me } = useMe();
  const [, navigate] = useLocation();
  const name = me?.name || me?.email || a("menu.unnamed");
  const signOut = async () => {
    try {
      await leave("here");
      navigate(accountPaths.signIn);
    } catch (error) {
      reportFailure("menu.failed")(error);
    }
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("quiet", true)} aria-label={a("menu.label", { name })}>
        <span className={styles.avatar} data-initials={me && initialsOf(name)} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={8} collisionPadding={16} className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Group>
              <Menu.GroupLabel className={styles.person}>
                <strong>{name}</strong>
                {me?.name && <span>{me.email}</span>}
              </Menu.GroupLabel>
              {accountLinks(me?.role).map(({ name, href, Icon }) => (
                <Menu.Item key={href} className={menu.item} render={<Link href={href} />}>
                  <Icon size={18} aria-hidden="true" />
                  {a(`menu.${name}`)}
                </Menu.Item>
              ))}
            </Menu.Group>
            <Menu.Separator className={styles.line} />
            <Menu.Item className={menu.item} onClick={signOut}>
              <LogOut size={18} aria-hidden="true" />
              {a("menu.signOut")}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
