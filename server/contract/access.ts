/** What a person may do at most: everything; make and change own things; look at what is shared with all members. */
export const ROLES = ["admin", "user", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may do at most, within its owner's role. */
export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Who may call a route: `public` everyone; `read` every member; `write` members who may make things; `account` a
 * member in person, never an API key; `admin` administrators; `operator` administrators and whoever has OPS_TOKEN.
 */
export const ACCESSES = ["public", "read", "write", "account", "admin", "operator"] as const;
export type Access = (typeof ACCESSES)[number];
