import { z } from "zod";
import { SecretToken } from "../contract/account.ts";
import { Id, PageQuery } from "../contract/common.ts";
import {
  CreatedInvitation,
  CreateInvitation,
  InvitationOffer,
  InvitationPage,
  type Invitation as InvitationView,
} from "../contract/invitation.ts";
import { localeOf } from "../http/locale.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import type { Invitation } from "../models/invitation.ts";
import type { User } from "../models/user.ts";
import { requirePerson } from "../policies/access.ts";
import {
  createInvitation,
  listInvitations,
  readInvitation,
  revokeInvitation,
} from "../services/accounts/invitations.ts";
import { type AuthRouteDeps, requireAccounts } from "./auth.ts";
import { privately } from "./present-account.ts";

const TAG = "Members";

const stateOf = ({ usedAt, revokedAt, isExpired }: Invitation): InvitationView["state"] => {
  if (usedAt) return "used";
  if (revokedAt) return "revoked";
  return isExpired ? "expired" : "open";
};

const nameOf = (user: User | null | undefined) => user?.name ?? user?.email ?? null;

const present = (invitation: Invitation): InvitationView => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  state: stateOf(invitation),
  createdBy: nameOf(invitation.creator),
  usedBy: nameOf(invitation.guest),
  createdAt: invitation.createdAt.toISOString(),
  expiresAt: invitation.expiresAt.toISOString(),
  usedAt: invitation.usedAt?.toISOString() ?? null,
});

/** Links by which administrators let people in. */
export function invitationRoutes({ config, accounts }: AuthRouteDeps): Route[] {
  const { records } = accounts;
  return [
    route({
      method: "get",
      path: "/api/v1/invitations",
      tag: TAG,
      summary: "List invitations, the newest first",
      access: "admin",
      query: PageQuery.strict(),
      answers: { 200: { description: "A page", schema: InvitationPage } },
      async handle({ query, response }) {
        const page = await listInvitations(records, query);
        response.json({ ...page, items: page.items.map(present) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/invitations",
      tag: TAG,
      summary: "Invite somebody; the link is good for seven days and shown this once",
      access: "admin",
      body: CreateInvitation,
      answers: { 201: { description: "The invitation with its link", schema: CreatedInvitation } },
      async handle({ body, caller, by, request, response }) {
        requireAccounts(config);
        if (body.role === "admin") requirePerson(caller);
        const origin = originOf(request, config.publicUrl);
        const created = await createInvitation(accounts, body, { by, origin, locale: localeOf(request) });
        const { invitation, url, mailed } = created;
        const answer: CreatedInvitation = { ...present(invitation), url, mailed };
        privately(response).status(201).json(answer);
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/invitations/:id",
      tag: TAG,
      summary: "Revoke an invitation that nobody has used",
      access: "admin",
      params: z.object({ id: Id }),
      answers: { 204: { description: "Revoked" } },
      async handle({ params, by, response }) {
        await revokeInvitation(records, params.id, by);
        response.status(204).end();
      },
    }),
    route({
      method: "get",
      path: "/api/v1/invitations/by-token/:token",
      tag: TAG,
      summary: "What an invitation offers to whoever holds its link",
      access: "public",
      attempts: "link",
      params: z.object({ token: SecretToken }),
      answers: { 200: { description: "The offer", schema: InvitationOffer } },
      async handle({ params, response }) {
        requireAccounts(config);
        const { email, role, expiresAt } = await readInvitation(accounts, params.token);
        const offer: InvitationOffer = { email, role, expiresAt: expiresAt.toISOString() };
        privately(response).json(offer);
      },
    }),
  ];
}
