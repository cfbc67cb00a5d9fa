import type { IncomingMessage } from "node:http";
import { QueryTypes } from "sequelize";
import type { Role } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import type { AccessTokens } from "./accounts/access-tokens.ts";
import type { Revocations } from "./accounts/revocations.ts";
import { looksLikeApiKey } from "./api-key-text.ts";
import { findApiKey } from "./api-keys.ts";

/** What the page's cookies hold. */
export interface SessionCookies {
  access: string | null;
  refresh: string | null;
}

interface Deps {
  records: Records;
  accessTokens: AccessTokens;
  revocations: Revocations;
  readCookies: (request: IncomingMessage) => SessionCookies;
}

const ALL_SCOPES = ["read", "write", "admin"] as const;

/**
 * Tells who makes a request by its API key, access token or cookie; null where it brings none of them.
 * @throws AppError `token-invalid`, `token-expired`, `api-key-expired`
 */
export const createIdentify =
  (deps: Deps) =>
  async (request: IncomingMessage): Promise<Caller | null> => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const given = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
      if (!given) throw new AppError("token-invalid");
      return looksLikeApiKey(given) ? byApiKey(deps, given) : byToken(deps, given, "bearer");
    }
    const { access, refresh } = deps.readCookies(request);
    if (access) return byToken(deps, access, "cookie");
    // The browser drops the cookie of an access token with its end.
    if (refresh) throw new AppError("token-expired");
    return null;
  };

async function byApiKey({ records }: Deps, text: string): Promise<Caller> {
  const found = await findApiKey(records, text);
  if (!found) throw new AppError("token-invalid");
  const { key, user } = found;
  return {
    userId: user.id,
    role: user.role,
    scopes: key.scopes,
    via: "api-key",
    name: user.email,
    sessionId: null,
    tokenId: null,
    apiKeyId: key.id,
  };
}

/** The role is the database's of this moment, and a session that ended or a disabled user is refused at once. */
async function byToken(
  { records, accessTokens, revocations }: Deps,
  token: string,
  via: "bearer" | "cookie",
): Promise<Caller> {
  const { userId, sessionId, tokenId, expiresAt } = await accessTokens.verify(token);
  if (await revocations.has(tokenId)) throw new AppError("token-invalid");
  const [user] = await records.sequelize.query<{ role: Role; email: string }>(
    `SELECT u.role, u.email FROM users u JOIN sessions s ON s.user_id = u.id
      WHERE u.id = $1 AND s.id = $2 AND u.email IS NOT NULL AND u.disabled_at IS NULL
        AND s.revoked_at IS NULL AND s.expires_at > now()
        AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE jti = $3)`,
    { type: QueryTypes.SELECT, bind: [userId, sessionId, tokenId] },
  );
  if (!user) {
    await revocations.add([{ id: tokenId, expiresAt }]);
    throw new AppError("token-invalid");
  }
  const { role, email } = user;
  return { userId, role, scopes: ALL_SCOPES, via, name: email, sessionId, tokenId, apiKeyId: null };
}
