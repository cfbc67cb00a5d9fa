import type pg from "pg";
import { v7 as newId } from "uuid";
import type { AuditAction } from "../../contract/audit-actions.ts";
import type { Actor } from "../audit.ts";
import { PLACE } from "../backups/claim.ts";
import { keepSpendings } from "./keep-spendings.ts";
import { commonColumns, FORMER } from "./schemas.ts";

export interface CarriedOver {
  /** Paid generations that wait for a person, because nobody can know whether they were sent since the backup. */
  toDecide: number;
}

interface Restored {
  by: Actor;
  filename: string;
  /** Who need no person's decision to run again. */
  freeProviders: string[];
}

/** Tables of the former state that are read for this, but for those without which no restore begins. */
export const CARRIED_TABLES = [
  "api_keys",
  "generation_tasks",
  "provider_keys",
  "refresh_tokens",
  "revoked_tokens",
  "sessions",
  "shares",
  "spendings",
  "users",
];

/**
 * What must not go back in time with a restore, in its transaction: the audit log and the money that was spent go on;
 * what was revoked or turned off stays so, and who is an administrator; nobody but whoever restores stays signed in; nothing paid is sent again.
 */
export async function carryOver(
  client: pg.Client,
  { by, filename, freeProviders }: Restored,
): Promise<CarriedOver> {
  await client.query("SET LOCAL search_path = public");
  await copyMissing(client, "audit_log", "id");
  // The one that made the backup.
  await client.query("DELETE FROM backup_runs WHERE state = 'running'");
  await copyMissing(client, "backup_runs", "id");
  await copyMissing(client, "revoked_tokens", "jti");
  await keepTakenAway(client);
  await endSessions(client, by);
  await keepSpendings(client);
  const toDecide = await holdPaidWork(client, freeProviders);
  await client.query(`
    DELETE FROM system_state WHERE key IN ('maintenance', 'restore', 'restoreFailure', '${PLACE}');
    INSERT INTO system_state (key, value)
      SELECT key, value FROM ${FORMER}.system_state WHERE key NOT IN ('restore', 'restoreFailure')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`);
  await auditRow(client, { action: "backup.restored", details: { filename, toDecide }, by });
  return { toDecide };
}

/** Rows of the former state that the present one lacks. */
export async function copyMissing(
  client: pg.Client,
  table: string,
  key: string,
  from = FORMER,
): Promise<void> {
  const columns = (await commonColumns(client, table, [from, "public"])).join(", ");
  await client.query(
    `INSERT INTO public.${table} (${columns}) SELECT ${columns} FROM ${from}.${table} ON CONFLICT (${key}) DO NOTHING`,
  );
}

const keepTakenAway = (client: pg.Client) =>
  client.query(`
    UPDATE api_keys k SET revoked_at = f.revoked_at FROM ${FORMER}.api_keys f
     WHERE f.id = k.id AND f.revoked_at IS NOT NULL AND k.revoked_at IS NULL;
    UPDATE shares s SET revoked_at = f.revoked_at FROM ${FORMER}.shares f
     WHERE f.id = s.id AND f.revoked_at IS NOT NULL AND s.revoked_at IS NULL;
    UPDATE users u SET disabled_at = coalesce(f.disabled_at, f.deleted_at) FROM ${FORMER}.users f
     WHERE f.id = u.id AND coalesce(f.disabled_at, f.deleted_at) IS NOT NULL AND u.disabled_at IS NULL;
    UPDATE users u SET role = f.role FROM ${FORMER}.users f WHERE f.id = u.id AND f.role <> u.role;
    DELETE FROM provider_keys k USING ${FORMER}.users f WHERE f.id = k.user_id
       AND NOT EXISTS (SELECT FROM ${FORMER}.provider_keys p WHERE p.user_id = k.user_id AND p.provider = k.provider);
    DELETE FROM one_time_tokens WHERE purpose = 'reset-password'`);

/** Whoever restores stays signed in where the backup knows them as an administrator. */
async function endSessions(client: pg.Client, { caller }: Actor): Promise<void> {
  await client.query(
    "UPDATE sessions SET revoked_at = now(), revoked_because = 'admin' WHERE revoked_at IS NULL",
  );
  const { rowCount } = await client.query(
    "SELECT FROM users WHERE id = $1 AND role = 'admin' AND disabled_at IS NULL",
    [caller?.userId ?? null],
  );
  if (!caller?.sessionId || !rowCount) return;
  await client.query("DELETE FROM sessions WHERE id = $1", [caller.sessionId]);
  for (const [table, key] of [
    ["sessions", "id"],
    ["refresh_tokens", "session_id"],
  ]) {
    const columns = (await commonColumns(client, table, [FORMER, "public"])).join(", ");
    await client.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${FORMER}.${table} WHERE ${key} = $1`,
      [caller.sessionId],
    );
  }
}

/**
 * No lease of the former state fits any more, however often its generations were claimed since the backup. What was about to be sent when the backup was made may have been sent and
 * charged since: a person decides. What was being sent is taken up by the sweep, which never sends it again by itself.
 */
async function holdPaidWork(client: pg.Client, freeProviders: string[]): Promise<number> {
  await client.query(`
    UPDATE generation_tasks t SET fence = t.fence + 1 WHERE finished_at IS NULL;
    UPDATE generation_tasks t SET fence = f.fence + 1 FROM ${FORMER}.generation_tasks f
     WHERE f.id = t.id AND f.fence >= t.fence AND t.finished_at IS NULL`);
  const { rowCount } = await client.query(
    `UPDATE generation_tasks SET status = 'needs-confirmation', stage = NULL, wake_at = NULL,
            error = '{"code": "submit-unknown"}'
      WHERE status = 'queued' AND provider <> ALL ($1)`,
    [freeProviders],
  );
  return rowCount ?? 0;
}

interface Deed {
  action: Extract<AuditAction, `backup.restore${string}`>;
  details: Record<string, unknown>;
  by: Actor;
}

/** As `audit`, for a transaction that is none of Sequelize's. */
export async function auditRow(client: pg.Client, { action, details, by }: Deed): Promise<void> {
  const { caller } = by;
  await client.query(
    `INSERT INTO public.audit_log (id, action, details, actor_id, actor_name, via, api_key_id, request_id, address, user_agent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      newId(),
      action,
      details,
      caller?.userId ?? null,
      caller?.name ?? null,
      caller?.via ?? null,
      caller?.apiKeyId ?? null,
      by.requestId,
      by.address,
      by.userAgent,
    ],
  );
}
