import type { IncomingMessage } from "node:http";
import { parseCookie, stringifySetCookie } from "cookie";
import type { Request, Response } from "express";
import type { SessionTokens } from "../services/accounts/sessions.ts";
import type { SessionCookies } from "../services/identity.ts";

const ACCESS = "p3d_access";
const REFRESH = "p3d_refresh";

/**
 * Over https the names have the prefix that keeps other hosts of the domain from setting them, and only these are
 * read. Source: RFC 6265bis, 4.1.3.2
 */
const prefixOf = (isSecure: boolean) => (isSecure ? "__Host-" : "");

const isSecure = (request: IncomingMessage, publicUrl: string | null) =>
  publicUrl?.startsWith("https:") || (request as Request).secure;

export function readAuthCookies(request: IncomingMessage, publicUrl: string | null): SessionCookies {
  const cookies = parseCookie(request.headers.cookie ?? "");
  const prefix = prefixOf(isSecure(request, publicUrl));
  return { access: cookies[prefix + ACCESS] || null, refresh: cookies[prefix + REFRESH] || null };
}

/** Whether a request brings any cookie of a sign-in, over whatever connection it was set: read as when it is used. */
export function hasAuthCookies(request: IncomingMessage): boolean {
  const cookies = parseCookie(request.headers.cookie ?? "");
  return [ACCESS, REFRESH].some((name) => cookies[name] || cookies[prefixOf(true) + name]);
}

/** Puts both tokens where no script of a page can read them. Those of nobody (`null`) are removed. */
export function setAuthCookies(
  request: Request,
  response: Response,
  tokens: Pick<SessionTokens, "accessToken" | "refreshToken" | "refreshSeconds"> | null,
  publicUrl: string | null,
): void {
  const secure = isSecure(request, publicUrl);
  const set = (name: string, value: string, maxAge: number) =>
    response.append(
      "Set-Cookie",
      stringifySetCookie({
        name: prefixOf(secure) + name,
        value,
        maxAge,
        path: "/",
        httpOnly: true,
        secure,
        sameSite: "lax",
      }),
    );
  set(ACCESS, tokens?.accessToken ?? "", tokens ? tokens.refreshSeconds : 0);
  set(REFRESH, tokens?.refreshToken ?? "", tokens ? tokens.refreshSeconds : 0);
}
