import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "../policies/caller.ts";
import type { Standing } from "../services/limits/allowance.ts";
import { type AttemptKind, type Attempts, rateLimited } from "../services/limits/attempts.ts";
import { networkOf } from "../services/limits/network.ts";
import type { LimitKind, RequestLimits } from "../services/limits/request-limits.ts";
import { addressOf } from "./actor.ts";
import { isFromThisMachine } from "./ops-access.ts";

/** What probes and gauges ask must answer whatever else goes on. */
const UNLIMITED = /^\/(?:health|metrics|api\/health)(?:\/|$)/;
/** Pictures and models of a page, share links, and callbacks, which come in crowds. */
const FILES = /^\/(?:s|hooks)\/|^\/api\/v1\/(?:models\/:id\/files|generations\/:id\/photo)/;

/** What a route's requests are counted as; null: not at all. */
function limitKindOf(path: string): LimitKind | null {
  if (UNLIMITED.test(path)) return null;
  return FILES.test(path) ? "files" : "requests";
}

interface LimitedRoute {
  path: string;
  multipart?: unknown;
  attempts?: AttemptKind;
}

/** Counts a request around `admit`, which tells who makes it. */
export type Limit = (
  route: LimitedRoute,
  request: Request,
  response: Response,
  admit: () => Promise<Caller | null>,
) => Promise<void>;

interface Deps {
  config: Pick<Config, "access">;
  limits: RequestLimits;
  attempts: Attempts;
}

/** Standard fields as structured lists. Source: draft-ietf-httpapi-ratelimit-headers-10, 3 and 4 */
function showLimits(response: Response, standings: Standing[]): void {
  if (standings.length === 0) return;
  const list = (show: (standing: Standing) => string) =>
    standings.map((standing) => `"${standing.rule.name}";${show(standing)}`).join(", ");
  response.set({
    "RateLimit-Policy": list(({ rule }) => `q=${rule.points};w=${rule.seconds}`),
    RateLimit: list(({ remaining, seconds }) => `r=${remaining};t=${seconds}`),
  });
}

/**
 * Every request counts for its user, its API key or, where it names nobody, its address. What brings a wrong credential
 * counts for the address apart from the rest of it, so that it locks out nobody who merely shares it; and for that
 * credential, so that a program that goes on with it soon reaches no database any more. Without sign-in this machine is
 * not limited: it is one person's own.
 * @throws AppError `rate-limited` with the seconds to wait, what `admit` throws
 */
export const createLimit =
  ({ config, limits, attempts }: Deps): Limit =>
  async (route, request, response, admit) => {
    const kind = limitKindOf(route.path);
    const isOwner = config.access.kind === "localhost" && isFromThisMachine(request);
    if (!kind || isOwner) return void (await admit());
    const network = networkOf(addressOf(request));
    const refuse = (standings: Standing[]) => {
      showLimits(response, standings);
      const over = standings.find(({ isOver }) => isOver);
      if (over) throw rateLimited(over.seconds);
    };
    const credential = credentialOf(request);
    const known = credential && limits.spent(kind, credential);
    if (known) refuse([known]);
    if (route.attempts) await attempts.take(route.attempts, network);
    let caller: Caller | null = null;
    let failure: unknown = null;
    try {
      caller = await admit();
    } catch (error) {
      if (!(error instanceof AppError) || error.entry.status >= 500) throw error;
      failure = error;
      caller = response.locals.caller ?? null;
    }
    const key = caller ? keyOf(caller) : `${failure ? "wrong" : "from"} ${network}`;
    const standings = await limits.take(kind, key);
    refuse(standings);
    if (failure && !caller && credential) refuse(await limits.take(kind, credential));
    if (failure) throw failure;
    if (route.multipart) refuse([...standings, ...(await limits.take("uploads", key))]);
  };

/** A name for what a request brings to show who it is from, by its hash; null for nothing. */
function credentialOf({ headers: { authorization, cookie } }: Request): string | null {
  const shown = authorization ?? cookie;
  return shown ? `wrong ${createHash("sha256").update(shown).digest("base64url")}` : null;
}

const keyOf = ({ userId, apiKeyId }: Caller) => (apiKeyId ? `key ${apiKeyId}` : `user ${userId}`);
