import { SignJWT } from "jose";
import { literal } from "sequelize";
import { v7 as newId } from "uuid";
import type { Access, Role, Scope } from "../../../server/contract/access.ts";
import { LOCAL_CALLER } from "../../../server/policies/caller.ts";
import { openSession } from "../../../server/services/accounts/sessions.ts";
import { createApiKey } from "../../../server/services/api-keys.ts";
import { SERVER } from "../../../server/services/audit.ts";
import { type Member, makeMember, signIn } from "../accounts.ts";
import type { TestApp } from "../app.ts";
import { OWNER_EMAIL, PLANTED } from "./planted.ts";

export const OPS_TOKEN = "an-operators-token-of-forty-characters-x";
export const JWT_SECRET = "a secret of tests that is long enough for a signature";

/** Somebody who asks, and what the design promises them. */
export interface Identity {
  name: string;
  headers: Record<string, string>;
  /** Whether the credential is one; else every closed door answers 401. */
  known: boolean;
  may: readonly Access[];
  /** What they are to the records of the first user. */
  is: "owner" | "admin" | "other";
  /** A new session of the same person, for calls that end sessions; keys and outsiders have none. */
  renew?: () => Promise<Record<string, string>>;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const OF_ROLE = {
  viewer: ["public", "read", "account"],
  user: ["public", "read", "write", "account"],
  admin: ["public", "read", "write", "account", "admin", "admin-account", "operator"],
} as const satisfies Record<Role, readonly Access[]>;

const OF_SCOPE = {
  read: ["public", "read"],
  write: ["public", "write"],
  admin: ["public", "admin", "operator"],
} as const satisfies Record<Scope, readonly Access[]>;

/** Everyone of the walk; `owner` is the user whose records are asked for. */
export async function gatherIdentities(app: TestApp) {
  const { records, accounts } = app.context;
  const admin = await signIn(app);
  const owner = await makeMember(app, "user", OWNER_EMAIL);
  const viewer = await makeMember(app, "viewer");
  const other = await makeMember(app, "user");
  const browsing = await makeMember(app, "user");
  const disabled = await makeMember(app, "user");
  const signedOut = await makeMember(app, "user");
  await signedOut.send("POST", "/api/v1/auth/logout", {});
  await records.User.update({ disabledAt: literal("now()") as never }, { where: { id: disabled.userId } });

  const renew = (member: Member) => async () => {
    const { accessToken } = await records.sequelize.transaction((transaction) =>
      openSession(accounts, member.userId, { address: null, userAgent: null }, transaction),
    );
    return bearer(accessToken);
  };
  const person = (name: string, member: Member, role: Role, is: Identity["is"]): Identity => ({
    name,
    headers: member.headers,
    known: true,
    may: OF_ROLE[role],
    is,
    renew: renew(member),
  });
  const inBrowser = ({ Authorization }: { Authorization: string }) => ({
    Cookie: `p3d_access=${Authorization.replace("Bearer ", "")}`,
    "X-Requested-With": "photo-to-3d",
  });
  const makeKey = async (member: Member, role: Role, scopes: Scope[]) => {
    const name = member.email === OWNER_EMAIL ? PLANTED : "A program";
    const caller = { ...LOCAL_CALLER, userId: member.userId, role };
    return createApiKey(records, caller, { name, scopes, expiresInDays: null }, SERVER);
  };
  const program = async (
    name: string,
    member: Member,
    role: Role,
    scopes: Scope[],
    is: Identity["is"],
  ): Promise<Identity> => ({
    name,
    headers: bearer((await makeKey(member, role, scopes)).text),
    known: true,
    may: scopes.flatMap((scope) => OF_SCOPE[scope] as readonly Access[]),
    is,
  });
  const outsider = (name: string, headers: Record<string, string>): Identity => ({
    name,
    headers,
    known: false,
    may: ["public"],
    is: "other",
  });

  const revoked = await makeKey(other, "user", ["read", "write"]);
  await records.ApiKey.update({ revokedAt: literal("now()") as never }, { where: { id: revoked.key.id } });
  const overdue = await makeKey(other, "user", ["read", "write"]);
  await records.ApiKey.update({ expiresAt: new Date(1e12) }, { where: { id: overdue.key.id } });
  const ofDisabled = await makeKey(disabled, "user", ["read", "write"]);
  const expired = await new SignJWT({ sid: await sessionOf(app, owner) })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setIssuer("photo-to-3d")
    .setAudience("photo-to-3d-api")
    .setSubject(owner.userId)
    .setJti(newId())
    .setIssuedAt("16 minutes ago")
    .setExpirationTime("1 minute ago")
    .sign(new TextEncoder().encode(JWT_SECRET));

  const identities: Identity[] = [
    outsider("anonymous", {}),
    outsider("expired token of the owner", bearer(expired)),
    outsider("revoked token", signedOut.headers),
    outsider("disabled user", disabled.headers),
    outsider("revoked API key", bearer(revoked.text)),
    outsider("expired API key", bearer(overdue.text)),
    outsider("API key of a disabled user", bearer(ofDisabled.text)),
    outsider("no token at all", bearer("nonsense")),
    { ...outsider("operator", bearer(OPS_TOKEN)), may: ["public", "operator"] },
    person("viewer", viewer, "viewer", "other"),
    person("other user", other, "user", "other"),
    {
      ...person("other user in a browser", browsing, "user", "other"),
      headers: inBrowser(await renew(browsing)()),
      renew: async () => inBrowser(await renew(browsing)()),
    },
    await program("other user's key: read", other, "user", ["read"], "other"),
    await program("other user's key: write", other, "user", ["write"], "other"),
    await program("administrator's key: read", admin, "admin", ["read"], "other"),
    await program("administrator's key: write", admin, "admin", ["write"], "other"),
    await program("administrator's key: admin", admin, "admin", ["admin"], "admin"),
    await program("administrator's key: all", admin, "admin", ["read", "write", "admin"], "admin"),
    await program("owner's key: read", owner, "user", ["read"], "owner"),
    await program("owner's key: write", owner, "user", ["write"], "owner"),
    person("administrator", admin, "admin", "admin"),
    person("owner", owner, "user", "owner"),
  ];
  return { identities, owner, admin, other };
}

async function sessionOf(app: TestApp, { userId }: Member): Promise<string> {
  const session = await app.context.records.Session.findOne({ where: { userId }, rejectOnEmpty: true });
  return session.id;
}
