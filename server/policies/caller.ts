import type { Role, Scope } from "../contract/access.ts";
import { LOCAL_USER_ID } from "../models/user.ts";

/** Who makes a request, and by what right. */
export interface Caller {
  userId: string;
  role: Role;
  /** What the credential allows within the role; a person in a session has all. */
  scopes: readonly Scope[];
  /** `local`: no sign-in here; `cookie`: the page; `bearer`: an access token; `api-key`. */
  via: "local" | "cookie" | "bearer" | "api-key";
  /** E-mail address for the audit log. */
  name: string | null;
  sessionId: string | null;
  /** `jti` of the access token. */
  tokenId: string | null;
  apiKeyId: string | null;
}

/** Without sign-in whoever is on this machine has the administrator's rights. */
export const LOCAL_CALLER: Caller = Object.freeze({
  userId: LOCAL_USER_ID,
  role: "admin",
  scopes: ["read", "write", "admin"] as const,
  via: "local",
  name: null,
  sessionId: null,
  tokenId: null,
  apiKeyId: null,
});
