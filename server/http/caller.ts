import type { Request, Response } from "express";
import type { Config } from "../config.ts";
import type { Access } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import { tellStory } from "../logger.ts";
import { mayCall } from "../policies/access.ts";
import { type Caller, LOCAL_CALLER } from "../policies/caller.ts";
import { hasAuthCookies } from "./auth-cookies.ts";
import { isFromThisMachine, isOperator } from "./ops-access.ts";

/** The caller of a request, null where it brings no credential; a bad credential throws, it never counts as none. */
export type Identify = (request: Request) => Promise<Caller | null>;

/** The caller of a page's address, which is for everyone: null where it is nobody that is known. */
export const createRecognize =
  (config: Pick<Config, "access">, identify: Identify) =>
  async (request: Request): Promise<Caller | null> => {
    if (config.access.kind === "localhost") return isFromThisMachine(request) ? LOCAL_CALLER : null;
    try {
      return await identify(request);
    } catch (error) {
      if (error instanceof AppError && error.entry.status < 500) return null;
      throw error;
    }
  };

/** Lets a request pass or throws; answers its caller, null where nobody has to be known. */
export type Admit = (access: Access, request: Request, response: Response) => Promise<Caller | null>;

const challenge = (response: Response, code: "sign-in-required" | "ops-token-required") => {
  response.set(
    "WWW-Authenticate",
    `Bearer realm="${code === "ops-token-required" ? "operations" : "photo-to-3d"}"`,
  );
  return new AppError(code);
};

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A page of another origin can make a browser send cookies, but not this header. Cookies are of our own pages alone:
 * origins that CORS_ORIGIN lists come with `Authorization`.
 */
function refuseForged(request: Request, publicUrl: string | null): void {
  const isSigned = request.get("authorization") !== undefined || !hasAuthCookies(request);
  if (SAFE_METHODS.has(request.method) || isSigned) return;
  const origin = request.get("origin");
  const hosts = [request.get("host"), request.host, publicUrl && new URL(publicUrl).host];
  if (origin && !hosts.includes(URL.parse(origin)?.host)) throw new AppError("cross-origin");
  if (request.get("x-requested-with") !== "photo-to-3d") throw new AppError("requested-with-missing");
}

/**
 * Every route passes here. Without sign-in only this machine, addressed as such, is let in (against DNS rebinding).
 * @throws AppError `sign-in-required`, `not-allowed`, `ops-token-required`, `host-not-allowed`,
 * `cross-origin`, `requested-with-missing`, what `identify` throws
 */
export const createAdmit =
  (config: Pick<Config, "access" | "opsToken" | "publicUrl">, identify: Identify): Admit =>
  async (access, request, response) => {
    if (config.access.kind === "accounts") refuseForged(request, config.publicUrl);
    if (access === "public" || (access === "operator" && isOperator(config, request))) return null;
    const required = access === "operator" ? "ops-token-required" : "sign-in-required";
    if (config.access.kind === "localhost") {
      if (access === "operator") throw challenge(response, required);
      if (!isFromThisMachine(request)) throw new AppError("host-not-allowed");
    }
    const caller = config.access.kind === "localhost" ? LOCAL_CALLER : await identify(request);
    if (!caller) throw challenge(response, required);
    response.locals.caller = caller;
    tellStory({ userId: caller.userId });
    // What is for one person stays in no cache on the way, unless a route says how.
    response.set("Cache-Control", "no-store");
    if (!mayCall(access, caller)) throw new AppError("not-allowed");
    return caller;
  };
