import { z } from "zod";
import {
  ChangePassword,
  OwnAccount,
  SessionList,
  type Session as SessionView,
  UpdateAccount,
  UpdatedAccount,
} from "../contract/account.ts";
import { Id } from "../contract/common.ts";
import { setAuthCookies } from "../http/auth-cookies.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import type { Session } from "../models/session.ts";
import { changePassword, findAccount, updateAccount } from "../services/accounts/account.ts";
import { deviceOf } from "../services/accounts/device.ts";
import { listSessions, revokeSession } from "../services/accounts/session-list.ts";
import type { StorageQuota } from "../services/storage-quota.ts";
import type { AuthRouteDeps } from "./auth.ts";
import { presentAccount, privately } from "./present-account.ts";

const TAG = "Account";

const presentSession = (session: Session, current: string | null): SessionView => ({
  id: session.id,
  current: session.id === current,
  device: deviceOf(session.userAgent),
  address: session.address,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
});

/** One's own account and its sessions. */
export function accountRoutes({
  config,
  accounts,
  attempts,
  quota,
}: AuthRouteDeps & { quota: StorageQuota }): Route[] {
  const { records } = accounts;
  return [
    route({
      method: "get",
      path: "/api/v1/auth/me",
      tag: TAG,
      summary: "Who you are",
      access: "read",
      answers: { 200: { description: "Your account", schema: OwnAccount } },
      async handle({ caller, response }) {
        const user = await findAccount(records, caller.userId);
        const storage = await quota.measure(caller.userId);
        privately(response).json({ ...presentAccount(user), storage } satisfies OwnAccount);
      },
    }),
    route({
      method: "patch",
      path: "/api/v1/auth/me",
      tag: TAG,
      summary: "Change your name, language or e-mail address",
      access: "account",
      body: UpdateAccount,
      answers: { 200: { description: "Your account", schema: UpdatedAccount } },
      async handle({ body, caller, by, request, response }) {
        const origin = originOf(request, config.publicUrl);
        if (body.email && config.mail) {
          await attempts.take("letter", caller.userId);
          await attempts.take("letter-account", body.email);
        }
        const { user, pendingEmail } = await updateAccount(accounts, caller, body, { by, origin });
        const answer: UpdatedAccount = { ...presentAccount(user), pendingEmail };
        privately(response).json(answer);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/password",
      tag: TAG,
      summary: "Change your password; other sessions end",
      access: "account",
      body: ChangePassword,
      answers: { 204: { description: "Changed" } },
      async handle({ body, caller, by, request, response }) {
        const origin = originOf(request, config.publicUrl);
        await changePassword(accounts, caller, body, { by, origin });
        privately(response).status(204).end();
      },
    }),
    route({
      method: "get",
      path: "/api/v1/auth/sessions",
      tag: TAG,
      summary: "Where you are signed in, the last used first",
      access: "account",
      answers: { 200: { description: "The sessions", schema: SessionList } },
      async handle({ caller, response }) {
        const sessions = await listSessions(records, caller.userId);
        const items = sessions.map((session) => presentSession(session, caller.sessionId));
        privately(response).json({ items, nextCursor: null });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/auth/sessions/:id",
      tag: TAG,
      summary: "Sign out on one device",
      access: "account",
      relation: "own",
      params: z.object({ id: Id }),
      answers: { 204: { description: "Signed out there" } },
      async handle({ params, caller, by, request, response }) {
        await revokeSession(accounts, { userId: caller.userId, sessionId: params.id }, by);
        if (params.id === caller.sessionId) setAuthCookies(request, response, null, config.publicUrl);
        privately(response).status(204).end();
      },
    }),
  ];
}
