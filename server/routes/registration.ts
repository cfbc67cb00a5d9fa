import type { Config } from "../config.ts";
import {
  FirstAdmin,
  ForgotAnswer,
  ForgotPassword,
  Register,
  Registered,
  ResetPassword,
  SignedIn,
  VerifiedEmail,
  VerifyEmail,
} from "../contract/account.ts";
import { AppError } from "../errors.ts";
import { actorOf } from "../http/actor.ts";
import { localeOf } from "../http/locale.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import { claimFirstAdmin } from "../services/accounts/first-admin.ts";
import { acceptInvitation } from "../services/accounts/invitations.ts";
import { askForReset, resetPassword } from "../services/accounts/recover.ts";
import { register, verifyEmail } from "../services/accounts/register.ts";
import { type AuthRouteDeps, answerSession, requireAccounts } from "./auth.ts";
import { privately } from "./present-account.ts";

const TAG = "Sign-in";

const isOpen = ({ access }: Pick<Config, "access">) =>
  access.kind === "accounts" && access.registration === "open";

/** Ways to an account, and back to one. */
export function registrationRoutes(deps: AuthRouteDeps): Route[] {
  const { config, accounts, attempts } = deps;
  return [
    route({
      method: "post",
      path: "/api/v1/auth/first-admin",
      tag: TAG,
      summary: "Become the first administrator, by the link in the server's log",
      access: "public",
      attempts: "link",
      body: FirstAdmin,
      answers: { 201: { description: "The account, signed in", schema: SignedIn } },
      async handle({ body: { tokens, ...body }, request, response }) {
        requireAccounts(config);
        const signedIn = await claimFirstAdmin(accounts, body, actorOf(request, response));
        response.status(201);
        answerSession(deps, { request, response }, signedIn, tokens);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/register",
      tag: TAG,
      summary: "Make an account, by an invitation or where registration is open",
      access: "public",
      attempts: "registration",
      body: Register,
      answers: {
        201: { description: "By invitation: the account, signed in", schema: SignedIn },
        202: {
          description: "Without one: what to do next, whether or not the address is known",
          schema: Registered,
        },
      },
      async handle({ body: { invitation, tokens, ...person }, request, response }) {
        requireAccounts(config);
        const by = actorOf(request, response);
        if (invitation) {
          const signedIn = await acceptInvitation(accounts, invitation, person, by);
          response.status(201);
          return answerSession(deps, { request, response }, signedIn, tokens);
        }
        if (!isOpen(config)) throw new AppError("registration-closed");
        await attempts.take("letter-account", person.email);
        const origin = originOf(request, config.publicUrl);
        const locale = person.locale ?? localeOf(request);
        const next = await register(accounts, { ...person, locale }, { by, origin });
        privately(response)
          .status(202)
          .json({ next } satisfies Registered);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/verify",
      tag: TAG,
      summary: "Confirm an e-mail address, by the link in a letter",
      access: "public",
      attempts: "link",
      body: VerifyEmail,
      answers: { 200: { description: "Confirmed; sign in with it", schema: VerifiedEmail } },
      async handle({ body, request, response }) {
        requireAccounts(config);
        const email = await verifyEmail(accounts, body.token, actorOf(request, response));
        privately(response).json({ email });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/forgot",
      tag: TAG,
      summary: "Ask for a link for a new password",
      access: "public",
      attempts: "letter",
      body: ForgotPassword,
      answers: {
        202: { description: "What to do next, whether or not the address is known", schema: ForgotAnswer },
      },
      async handle({ body, request, response }) {
        requireAccounts(config);
        await attempts.take("letter-account", body.email);
        askForReset(accounts, body.email, originOf(request, config.publicUrl));
        const next = config.mail ? "check-mail" : "ask-administrator";
        privately(response)
          .status(202)
          .json({ next } satisfies ForgotAnswer);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/auth/reset",
      tag: TAG,
      summary: "Choose a new password, by a link; all sessions end",
      access: "public",
      attempts: "link",
      body: ResetPassword,
      answers: { 204: { description: "Sign in with the new password" } },
      async handle({ body, request, response }) {
        requireAccounts(config);
        const origin = originOf(request, config.publicUrl);
        await resetPassword(accounts, body, { by: actorOf(request, response), origin });
        privately(response).status(204).end();
      },
    }),
  ];
}
