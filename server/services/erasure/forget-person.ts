import { QueryTypes, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { Records } from "../../models/records.ts";
import { LOCAL_USER_ID } from "../../models/user.ts";

/** What stands in the audit log for a deleted person; the same in all entries. */
export const pseudonymOf = (personId: string) => `deleted-${personId.slice(-12)}`;

/**
 * Takes a person's e-mail addresses, network addresses and devices out of the audit log; deeds and times stay, under
 * a pseudonym. The local user's id has a later owner, so its entries get another one.
 */
export async function forgetPerson(
  { sequelize }: Records,
  { userId, email }: { userId: string; email: string | null },
  transaction: Transaction,
): Promise<void> {
  const personId = userId === LOCAL_USER_ID ? newId() : userId;
  const pseudonym = pseudonymOf(personId);
  const run = (sql: string, bind: unknown[]) => sequelize.query(sql, { bind, transaction });
  await run("SELECT set_config('photo_to_3d.erases_person', $1, true)", ["yes"]);
  const known = await sequelize.query<{ name: string }>(
    "SELECT DISTINCT actor_name AS name FROM audit_log WHERE actor_id = $1 AND actor_name IS NOT NULL",
    { type: QueryTypes.SELECT, bind: [userId], transaction },
  );
  const names = new Set([...known.map(({ name }) => name), ...(email ? [email] : [])]);
  await run(
    `UPDATE audit_log SET actor_id = $2, actor_name = $3, address = NULL, user_agent = NULL WHERE actor_id = $1`,
    [userId, personId, pseudonym],
  );
  await run("UPDATE audit_log SET details = details - 'name' WHERE subject_id = $1 AND details ? 'name'", [
    userId,
  ]);
  for (const name of names) {
    // Letters of an e-mail address are the same in JSON, so the text can be replaced in it; and it knows no case.
    await run(
      `UPDATE audit_log SET details = regexp_replace(details::text, $1, $2, 'gi')::jsonb,
              address = CASE WHEN actor_id IS NULL THEN NULL ELSE address END,
              user_agent = CASE WHEN actor_id IS NULL THEN NULL ELSE user_agent END
        WHERE strpos(lower(details::text), lower($3)) > 0`,
      [name.replace(/[^\p{L}\p{N}]/gu, "\\$&"), pseudonym, name],
    );
  }
}
