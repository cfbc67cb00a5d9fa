import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { AppError } from "../../errors.ts";

const ISSUER = "photo-to-3d";
const AUDIENCE = "photo-to-3d-api";
/** RFC 9068. */
const TYPE = "at+jwt";
const ALGORITHM = "HS256";
export const ACCESS_SECONDS = 15 * 60;
/** Clocks of replicas differ a little. */
export const TOLERANCE_SECONDS = 5;

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), jti: z.uuid(), exp: z.number() });

/** Whose token it is, of which session, and its own id. */
export interface AccessClaims {
  userId: string;
  sessionId: string;
  tokenId: string;
}

export interface AccessTokens {
  /** A JWT that is good for 15 minutes. */
  sign(claims: AccessClaims): Promise<string>;
  /** `expiresAt` is in seconds since 1970. @throws AppError `token-invalid`, `token-expired` */
  verify(token: string): Promise<AccessClaims & { expiresAt: number }>;
}

/** The last character of base64url has bits that decoders ignore, so several texts would be the same token. */
const isCanonical = (token: string) =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);

/** JSON Web Tokens with everything pinned: algorithm, type, issuer, audience. Source: RFC 7519, RFC 8725 */
export function createAccessTokens(secret: string): AccessTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: ({ userId, sessionId, tokenId }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(tokenId)
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_SECONDS}s`)
        .sign(key),
    async verify(token) {
      if (!isCanonical(token)) throw new AppError("token-invalid");
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ["exp", "iat"],
          clockTolerance: TOLERANCE_SECONDS,
        });
        const { sub, sid, jti, exp } = Claims.parse(payload);
        return { userId: sub, sessionId: sid, tokenId: jti, expiresAt: exp };
      } catch (cause) {
        throw new AppError(cause instanceof errors.JWTExpired ? "token-expired" : "token-invalid", { cause });
      }
    },
  };
}
