import type { Access, Scope } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "./caller.ts";

const SCOPE_OF: Partial<Record<Access, Scope>> = {
  read: "read",
  write: "write",
  admin: "admin",
  operator: "admin",
};

/** Whether a member may call a route with this access. What isn't known is refused. */
export function mayCall(access: Access, { role, scopes, via }: Caller): boolean {
  if (access === "public") return true;
  if (access === "account") return via !== "api-key";
  if (access === "admin-account") return via !== "api-key" && role === "admin";
  const scope = SCOPE_OF[access];
  if (!scope || !scopes.includes(scope)) return false;
  if (scope === "admin") return role === "admin";
  return scope === "read" || role !== "viewer";
}

/**
 * What makes administrators or opens accounts is for people: a key must not get further than its scopes that way.
 * @throws AppError `not-allowed`
 */
export function requirePerson({ via }: Caller): void {
  if (via === "api-key") throw new AppError("not-allowed");
}
