import { KeyRound, type LucideIcon, ScrollText, UserRound, UsersRound } from "lucide-react";
import type { Role } from "../../../../server/contract/access.ts";
import { accountPaths } from "../../account-paths.ts";

interface AccountLink {
  name: "account" | "keys" | "users" | "audit";
  Icon: LucideIcon;
  /** Only for administrators. */
  admin: boolean;
}

const LINKS: readonly AccountLink[] = [
  { name: "account", Icon: UserRound, admin: false },
  { name: "keys", Icon: KeyRound, admin: false },
  { name: "users", Icon: UsersRound, admin: true },
  { name: "audit", Icon: ScrollText, admin: true },
];

/** The pages of the account that somebody with this role may see, with their addresses. */
export const accountLinks = (role: Role | undefined) =>
  LINKS.filter(({ admin }) => !admin || role === "admin").map((link) => ({
    ...link,
    href: accountPaths[link.name],
  }));
