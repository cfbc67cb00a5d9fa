import { literal, Op, type Transaction } from "sequelize";
import { AppError } from "../../errors.ts";
import { inSeconds } from "../../models/generation-state.ts";
import type { OneTimeToken } from "../../models/invitation.ts";
import type { AccountDeps } from "./deps.ts";

type Deps = Pick<AccountDeps, "records" | "secretTokens">;
type Purpose = OneTimeToken["purpose"];

const HOUR_SECONDS = 3600;
/** One that somebody passes on by hand takes longer on its way. */
export const HANDED_LINK_SECONDS = 24 * HOUR_SECONDS;
const LINK_SECONDS = {
  "first-admin": HOUR_SECONDS,
  "verify-email": 24 * HOUR_SECONDS,
  "reset-password": HOUR_SECONDS,
};

const OPEN = { usedAt: null, expiresAt: { [Op.gt]: literal("now()") } };

/** A link that does one thing once, good for so many `seconds`; answers the token that goes into it. */
export async function createLink(
  { records, secretTokens }: Deps,
  fields: Partial<Pick<OneTimeToken, "userId" | "email" | "payload" | "createdBy">> & { purpose: Purpose },
  {
    seconds = LINK_SECONDS[fields.purpose],
    transaction,
  }: { seconds?: number; transaction?: Transaction } = {},
): Promise<string> {
  const { token, hash } = secretTokens.create();
  await records.OneTimeToken.create(
    { ...fields, hash, expiresAt: inSeconds(seconds) as never },
    { transaction },
  );
  return token;
}

/** What a link would do, without using it. Throws `link-not-valid`. */
export async function readLink(deps: Deps, purpose: Purpose, token: string): Promise<OneTimeToken> {
  const hash = deps.secretTokens.hash(token);
  const link = await deps.records.OneTimeToken.findOne({ where: { hash, purpose, ...OPEN } });
  if (!link) throw new AppError("link-not-valid");
  return link;
}

/** Uses a link; of several at once only one does. Throws `link-not-valid`. */
export async function useLink(
  deps: Deps,
  purpose: Purpose,
  token: string,
  transaction: Transaction,
): Promise<OneTimeToken> {
  const hash = deps.secretTokens.hash(token);
  const [, [link]] = await deps.records.OneTimeToken.update(
    { usedAt: literal("now()") as never },
    { where: { hash, purpose, ...OPEN }, returning: true, transaction },
  );
  if (!link) throw new AppError("link-not-valid");
  return link;
}

/** From now on the links that an administrator made for others do nothing: invitations, and those for a new password. */
export async function voidLinksMadeBy(
  { records }: Pick<Deps, "records">,
  createdBy: string,
  transaction: Transaction,
) {
  await records.OneTimeToken.destroy({ where: { createdBy, usedAt: null }, transaction });
  await records.Invitation.update(
    { revokedAt: literal("now()") as never },
    { where: { createdBy, usedAt: null, revokedAt: null }, transaction },
  );
}

/** From now on the links that choose a new password for a user do nothing. */
export async function voidResets(
  { records }: Pick<Deps, "records">,
  userId: string,
  transaction: Transaction,
) {
  await records.OneTimeToken.destroy({
    where: { userId, purpose: "reset-password", usedAt: null },
    transaction,
  });
}
