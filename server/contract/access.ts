/** What a person may do at most: everything; make and change own things; look at what is shared with all members. */
export const ROLES = ["admin", "user", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may do at most, within its owner's role. */
export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Who may call a route: `public` everyone; `read` every member; `write` members who may make things; `account` a
 * member in person, never an API key; `admin` administrators; `admin-account` administrators in person; `operator` administrators and whoever has OPS_TOKEN.
 */
export const ACCESSES = ["public", "read", "write", "account", "admin", "admin-account", "operator"] as const;
export type Access = (typeof ACCESSES)[number];

/**
 * What a caller must be to the record that an address names: `see` whoever may look at it, the owner, administrators
 * and, where it is shared with the team, every member; `manage` the owner and administrators; `own` the owner alone.
 */
export const RELATIONS = ["see", "manage", "own"] as const;
export type Relation = (typeof RELATIONS)[number];

/** Whose records a list shows: one's own, what is shared with the team, or, for administrators, everybody's. */
export const OWNERS = ["me", "team", "all"] as const;
export type Owner = (typeof OWNERS)[number];
