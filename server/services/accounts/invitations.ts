import { literal, Op } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { Role } from "../../contract/access.ts";
import type { PageQuery } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";
import { inSeconds } from "../../models/generation-state.ts";
import type { Invitation } from "../../models/invitation.ts";
import type { Records } from "../../models/records.ts";
import type { User } from "../../models/user.ts";
import { type Actor, audit } from "../audit.ts";
import { lettersIn } from "../mail/letters.ts";
import { listNewest } from "../paging.ts";
import type { AccountDeps } from "./deps.ts";
import { addMember, withFreeEmail } from "./members.ts";
import { checkNewPassword } from "./password-rules.ts";
import { openSession, type SessionTokens } from "./sessions.ts";
import { inSession } from "./sign-in.ts";

const GOOD_SECONDS = 7 * 86_400;
const OPEN = { usedAt: null, revokedAt: null, expiresAt: { [Op.gt]: literal("now()") } };
const WITH_NAMES = ["creator", "guest"].map((association) => ({
  association,
  attributes: ["email", "name"],
}));

/** Makes a link for one person, and sends it where there is an address and a mail server. */
export async function createInvitation(
  deps: AccountDeps,
  { email, role }: { email: string | null; role: Role },
  { by, origin, locale }: { by: Actor; origin: string; locale: "en" | "ru" },
): Promise<{ invitation: Invitation; url: string; mailed: boolean }> {
  const { records, mailer } = deps;
  const { token, hash } = deps.secretTokens.create();
  const id = newId();
  const createdBy = by.caller?.userId ?? null;
  await records.sequelize.transaction(async (transaction) => {
    const expiresAt = inSeconds(GOOD_SECONDS) as never;
    await records.Invitation.create({ id, hash, email, role, createdBy, expiresAt }, { transaction });
    const details = { email, role };
    await audit(records, { action: "invitation.created", subjectId: id, details, by }, transaction);
  });
  const url = `${origin}/invite#${token}`;
  const mailed = email !== null && mailer !== null;
  if (mailed) mailer.sendLater(async () => ({ to: email, letter: lettersIn(locale).invitation(url) }));
  return { invitation: await findInvitation(records, id), url, mailed };
}

async function findInvitation({ Invitation }: Records, id: string): Promise<Invitation> {
  return Invitation.findByPk(id, { include: WITH_NAMES, rejectOnEmpty: true });
}

/** The newest first, used and expired ones too. */
export const listInvitations = ({ Invitation }: Records, query: z.output<typeof PageQuery>) =>
  listNewest(Invitation, query, { where: {}, include: WITH_NAMES });

/** From now on the link does nothing. Throws `not-found`, also where it was used or revoked before. */
export async function revokeInvitation(
  { sequelize, ...records }: Records,
  id: string,
  by: Actor,
): Promise<void> {
  await sequelize.transaction(async (transaction) => {
    const [, [revoked]] = await records.Invitation.update(
      { revokedAt: literal("now()") as never },
      { where: { id, usedAt: null, revokedAt: null }, returning: true, transaction },
    );
    if (!revoked) throw new AppError("not-found");
    const details = { email: revoked.email, role: revoked.role };
    const entry = { action: "invitation.revoked", subjectId: id, details, by } as const;
    await audit({ sequelize, ...records }, entry, transaction);
  });
}

/** What a link offers. Throws `link-not-valid`. */
export async function readInvitation(
  { records, secretTokens }: Pick<AccountDeps, "records" | "secretTokens">,
  token: string,
): Promise<Invitation> {
  const found = await records.Invitation.findOne({ where: { hash: secretTokens.hash(token), ...OPEN } });
  if (!found) throw new AppError("link-not-valid");
  return found;
}

/**
 * Makes the account that an invitation offers and signs its owner in; of several at once only one.
 * @throws AppError `link-not-valid`, `invitation-address`, `email-taken`, `password-too-weak`, `overloaded`
 */
export async function acceptInvitation(
  deps: AccountDeps,
  token: string,
  { password, ...fields }: Pick<User, "name" | "locale"> & Record<"email" | "password", string>,
  by: Actor,
): Promise<{ user: User; tokens: SessionTokens }> {
  const { records } = deps;
  const { email: invited } = await readInvitation(deps, token);
  if (invited && invited !== fields.email) throw new AppError("invitation-address");
  checkNewPassword(password, fields);
  const passwordHash = await deps.passwords.hash(password);
  return withFreeEmail(records, async (transaction) => {
    const [, [used]] = await records.Invitation.update(
      { usedAt: literal("now()") as never },
      { where: { hash: deps.secretTokens.hash(token), ...OPEN }, returning: true, transaction },
    );
    if (!used) throw new AppError("link-not-valid");
    const isVerified = used.email !== null && deps.mailer !== null;
    const member = { ...fields, passwordHash, role: used.role, isVerified };
    const user = await addMember(records, member, by, transaction);
    await records.Invitation.update({ usedBy: user.id }, { where: { id: used.id }, transaction });
    const tokens = await openSession(deps, user.id, by, transaction);
    const own = inSession(by, user, tokens);
    await audit(records, { action: "invitation.used", subjectId: used.id, by: own }, transaction);
    await audit(records, { action: "auth.signed-in", subjectId: user.id, by: own }, transaction);
    return { user, tokens };
  });
}
