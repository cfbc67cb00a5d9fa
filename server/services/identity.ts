import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { looksLikeApiKey } from "./api-key-text.ts";
import { findApiKey } from "./api-keys.ts";

/**
 * Tells who makes a request by its cookie, access token or API key; null where it brings none of them.
 * @throws AppError `token-invalid`, `token-expired`, `api-key-expired`
 */
export const createIdentify =
  ({ records }: { records: Records }) =>
  async (request: IncomingMessage): Promise<Caller | null> => {
    const { authorization } = request.headers;
    if (!authorization) return null;
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (!token || !looksLikeApiKey(token)) throw new AppError("token-invalid");
    const found = await findApiKey(records, token);
    if (!found) throw new AppError("token-invalid");
    return callerOfApiKey(found);
  };

const callerOfApiKey = ({ key, user }: NonNullable<Awaited<ReturnType<typeof findApiKey>>>): Caller => ({
  userId: user.id,
  role: user.role,
  scopes: key.scopes,
  via: "api-key",
  name: user.email,
  sessionId: null,
  tokenId: null,
  apiKeyId: key.id,
});
