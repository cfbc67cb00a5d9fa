import { KeyRound, type LucideIcon, ScrollText, Server, UserRound, UsersRound } from "lucide-react";
import type { Role } from "../../../../server/contract/access.ts";
import { accountPaths } from "../../account-paths.ts";
import { paths } from "../../paths.ts";

interface AccountLink {
  name: "account" | "keys" | "users" | "audit" | "system";
  Icon: LucideIcon;
  /** Only for administrators. */
  admin: boolean;
}

const LINKS: readonly AccountLink[] = [
  { name: "account", Icon: UserRound, admin: false },
  { name: "keys", Icon: KeyRound, admin: false },
  { name: "users", Icon: UsersRound, admin: true },
  { name: "audit", Icon: ScrollText, admin: true },
  { name: "system", Icon: Server, admin: true },
];

/** The pages of the account that somebody with this role may see, with their addresses. */
export const accountLinks = (role: Role | undefined) =>
  LINKS.filter(({ admin }) => !admin || role === "admin").map((link) => ({
    ...link,
    href: link.name === "system" ? paths.system : accountPaths[link.name],
  }));
