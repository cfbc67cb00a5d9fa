import type { Request, Response } from "express";
import type { Config } from "../config.ts";
import { AuthState, Login, Refresh, SignedIn } from "../contract/account.ts";
import { AppError } from "../errors.ts";
import { actorOf } from "../http/actor.ts";
import { readAuthCookies, setAuthCookies } from "../http/auth-cookies.ts";
import { type Route, route } from "../http/route.ts";
import type { User } from "../models/user.ts";
import type { AccountDeps } from "../services/accounts/deps.ts";
import { isFirstRun } from "../services/accounts/first-admin.ts";
import { rotateSession, type SessionTokens } from "../services/accounts/sessions.ts";
import { signIn } from "../services/accounts/sign-in.ts";
import { signOut, signOutEverywhere } from "../services/accounts/sign-out.ts";
import type { Attempts } from "../services/limits/attempts.ts";
import { maintenanceNotice } from "../services/system/maintenance.ts";
import type { SystemState } from "../services/system/system-state.ts";
import { presentSignedIn, privately } from "./present-account.ts";

const TAG = "Sign-in";
const SIGNED_IN = { description: "Signed in", schema: SignedIn };

export interface AuthRouteDeps {
  config: Pick<Config, "access" | "mail" | "publicUrl">;
  accounts: AccountDeps;
  attempts: Attempts;
  switches: Pick<SystemState, "get">;
}

/** Throws where this server has no sign-in. */
export function requireAccounts({ access }: Pick<Config, "access">): void {
  if (access.kind !== "accounts") throw new AppError("accounts-off");
}

/** Answers a session: tokens for a program, cookies for a page. */
export function answerSession(
  { config }: AuthRouteDeps,
  { request, response }: { request: Request; response: Response },
  { user, tokens }: { user: User; tokens: SessionTokens },
  wantsTokens: boolean,
): void {
  if (!wantsTokens) setAuthCookies(request, response, tokens, config.publicUrl);
  privately(response).json(presentSignedIn(user, tokens, wantsTokens));
}

/** Signing in, staying signed in, signing out. */
export function authRoutes(deps: AuthRouteDeps): Route[] {
  const { config, accounts, switches } = deps;
  const { records } = accounts;
  return [
    route({
      method: "get",
      path: "/api/v1/auth/state",
      tag: TAG,
      summary: "How people get in here",
      access: "public",
      answers: { 200: { description: "The state", schema: AuthState } },
      async handle({ response }) {
        const { access, mail } = config;
        const state =
          access.kind === "localhost"
            ? { mode: "local" as const, firstRun: false, registration: "closed" as const }
            : {
                mode: "accounts" as const,
                firstRun: await isFirstRun(records),
                registration: access.registration,
              };
        const maintenance = maintenanceNotice(switches);
        privately(response).json({ ...state, mail: mail !== null, maintenance } satisfies AuthState);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/login",
      tag: TAG,
      summary: "Sign in with e-mail address and password",
      access: "public",
      body: Login,
      answers: { 200: SIGNED_IN },
      async handle({ body, request, response }) {
        requireAccounts(config);
        const signedIn = await signIn(accounts, body, actorOf(request, response));
        answerSession(deps, { request, response }, signedIn, body.tokens);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/refresh",
      tag: TAG,
      summary: "Stay signed in: a refresh token for the next access and refresh token",
      access: "public",
      body: Refresh.prefault({}),
      answers: { 200: SIGNED_IN },
      async handle({ body, request, response }) {
        requireAccounts(config);
        const { refresh } = readAuthCookies(request, config.publicUrl);
        const token = body.refreshToken ?? refresh;
        if (!token) throw new AppError("sign-in-required");
        try {
          const rotated = await rotateSession(accounts, token, actorOf(request, response));
          answerSession(deps, { request, response }, rotated, body.tokens);
        } catch (error) {
          const isOver = error instanceof AppError && error.code === "token-invalid" && !body.refreshToken;
          if (isOver) setAuthCookies(request, response, null, config.publicUrl);
          throw error;
        }
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/logout",
      tag: TAG,
      summary: "Sign out here; harmless where nobody is signed in",
      access: "public",
      body: Refresh.pick({ refreshToken: true }).prefault({}),
      answers: { 204: { description: "Signed out" } },
      async handle({ body, request, response }) {
        const cookies = readAuthCookies(request, config.publicUrl);
        const access = /^bearer +(\S+) *$/i.exec(request.get("authorization") ?? "")?.[1];
        const given = {
          accessToken: access ?? cookies.access,
          refreshToken: body.refreshToken ?? cookies.refresh,
        };
        await signOut(accounts, given, actorOf(request, response));
        setAuthCookies(request, response, null, config.publicUrl);
        privately(response).status(204).end();
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/logout-everywhere",
      tag: TAG,
      summary: "End all your sessions, this one too",
      access: "account",
      answers: { 204: { description: "Signed out everywhere" } },
      async handle({ caller, by, request, response }) {
        await signOutEverywhere(accounts, caller.userId, by);
        setAuthCookies(request, response, null, config.publicUrl);
        privately(response).status(204).end();
      },
    }),
  ];
}
