import { z } from "zod";
import { Id } from "../contract/common.ts";
import { ResetLink, UpdateUser, UserPage, UserQuery, User as UserSchema } from "../contract/user.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import type { User } from "../models/user.ts";
import { requirePerson } from "../policies/access.ts";
import { createResetLink } from "../services/accounts/recover.ts";
import { findUser, listUsers, updateUser } from "../services/accounts/users.ts";
import { deleteUser } from "../services/erasure/delete-user.ts";
import { measureUsers } from "../services/storage-quota.ts";
import type { AuthRouteDeps } from "./auth.ts";
import { privately } from "./present-account.ts";

const TAG = "Members";
const ById = z.object({ id: Id });
const ONE = { 200: { description: "The member", schema: UserSchema } };

const present = (user: User, storageBytes: number): z.infer<typeof UserSchema> => ({
  id: user.id,
  email: user.email ?? "",
  name: user.name,
  role: user.role,
  disabledAt: user.disabledAt?.toISOString() ?? null,
  emailVerifiedAt: user.emailVerifiedAt?.toISOString() ?? null,
  createdAt: user.createdAt.toISOString(),
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
  storageBytes,
});

/** What administrators do about members. */
export function userRoutes({ config, accounts }: AuthRouteDeps): Route[] {
  const { records } = accounts;
  async function presentAll(users: readonly User[]) {
    const used = await measureUsers(
      records,
      users.map(({ id }) => id),
    );
    return users.map((user) => present(user, used.get(user.id) ?? 0));
  }
  const presentOne = async (user: User) => (await presentAll([user]))[0];
  return [
    route({
      method: "get",
      path: "/api/v1/users",
      tag: TAG,
      summary: "List members, the newest first",
      access: "admin",
      query: UserQuery,
      answers: { 200: { description: "A page", schema: UserPage } },
      async handle({ query, response }) {
        const page = await listUsers(records, query);
        privately(response).json({ ...page, items: await presentAll(page.items) });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/users/:id",
      tag: TAG,
      summary: "Read one member",
      access: "admin",
      params: ById,
      answers: ONE,
      async handle({ params, response }) {
        privately(response).json(await presentOne(await findUser(records, params.id)));
      },
    }),
    route({
      method: "patch",
      path: "/api/v1/users/:id",
      tag: TAG,
      summary: "Change a member's role or name, or turn the account off or on, at once",
      access: "admin",
      params: ById,
      body: UpdateUser,
      answers: ONE,
      async handle({ params, body, caller, by, response }) {
        if (body.role === "admin") requirePerson(caller);
        privately(response).json(await presentOne(await updateUser(accounts, params.id, body, by)));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/users/:id",
      tag: TAG,
      summary: "Delete a member with everything that is theirs",
      access: "admin-account",
      params: ById,
      answers: { 204: { description: "Deleted" } },
      async handle({ params, by, response }) {
        await deleteUser(accounts, params.id, by);
        response.status(204).end();
      },
    }),
    route({
      method: "post",
      path: "/api/v1/users/:id/reset-link",
      tag: TAG,
      summary: "Make a link for a new password, to be passed on by hand; good for a day and shown this once",
      access: "admin-account",
      params: ById,
      answers: { 201: { description: "The link", schema: ResetLink } },
      async handle({ params, by, request, response }) {
        const origin = originOf(request, config.publicUrl);
        const { url, expiresAt } = await createResetLink(accounts, params.id, { by, origin });
        privately(response)
          .status(201)
          .json({ url, expiresAt: expiresAt.toISOString() } satisfies ResetLink);
      },
    }),
  ];
}
