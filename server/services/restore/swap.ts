import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { openSession } from "../../backup/session.ts";
import { AppError } from "../../errors.ts";
import type { Actor } from "../audit.ts";
import { auditRow, CARRIED_TABLES, type CarriedOver, carryOver, copyMissing } from "./carry-over.ts";
import { fillGaps } from "./fill-gaps.ts";
import { ASIDE, dropSchema, FORMER, lockAll, moveAll } from "./schemas.ts";

/** Somebody holds a table, or holds another of them and waits for ours. */
const PASSING = new Set(["55P03", "40P01"]);
const TRIES = 20;

/** Who stands still meanwhile gives everybody's tables back after this. */
const STANDSTILL = "60s";

/** Held through every exchange. */
const EXCHANGE_LOCK = 7_310_309_601;

interface Options {
  url: string;
  by: Actor;
  filename: string;
  signal: AbortSignal;
}

/**
 * Waits for the end of an exchange whose process has lost its connection, for its commit may be on the way. Then the
 * schemas tell whether it came about; where it did not, it never will.
 */
export async function closeExchange(client: pg.Client): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [EXCHANGE_LOCK]);
    await client.query(
      `UPDATE public.system_state SET value = value || '{"isClosed": true}'
        WHERE key = 'restore' AND value ->> 'state' = 'running'`,
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/**
 * Puts what was loaded aside in place, in one transaction; the former state is kept. Nothing is changed where another
 * process has taken the restore back that began then.
 */
export const swapIn = (
  options: Options & { freeProviders: string[]; startedAt: string },
): Promise<CarriedOver> =>
  exchange(options, async (client) => {
    await requireOwn(client, options.startedAt);
    await client.query(`CREATE SCHEMA ${FORMER}`);
    await moveAll(client, "public", FORMER);
    await moveAll(client, ASIDE, "public");
    await dropSchema(client, ASIDE);
    const emptyGaps = await fillGaps(client, FORMER, "public", CARRIED_TABLES);
    const carried = await carryOver(client, options);
    await emptyGaps();
    const state = { filename: options.filename, state: "restored", at: new Date().toISOString(), ...carried };
    await client.query("INSERT INTO public.system_state (key, value) VALUES ('restore', $1)", [
      JSON.stringify(state),
    ]);
    return carried;
  });

/** Rejects where another process has settled the restore that began then. */
export async function requireOwn(client: pg.Client, startedAt: string): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM public.system_state WHERE key = 'restore' AND value ->> 'startedAt' = $1 AND NOT value ? 'isClosed'",
    [startedAt],
  );
  if (!rowCount) throw new Error("Another process has taken this restore back, for its lock was lost.");
}

/** Tables of the former state that `swapBack` writes to, but for those without which no restore begins. */
const REVOKED_TABLES = ["revoked_tokens", "sessions"];

/** Puts the former state back, in one transaction; what was put on record or revoked meanwhile stays so. */
export const swapBack = (options: Options): Promise<void> =>
  exchange(options, async (client) => {
    await client.query(`CREATE SCHEMA ${ASIDE}`);
    await moveAll(client, "public", ASIDE);
    await moveAll(client, FORMER, "public");
    await client.query("SET LOCAL search_path = public");
    const emptyGaps = await fillGaps(client, "public", ASIDE, REVOKED_TABLES);
    await keepRevoked(client);
    await copyMissing(client, "audit_log", "id", ASIDE);
    await emptyGaps();
    await dropSchema(client, ASIDE);
    await dropSchema(client, FORMER);
    // The switch of the former state still says that a restore runs: until the files are back nothing is changed.
    await client.query(
      `UPDATE public.system_state SET value = jsonb_set(value, '{step}', 'null') WHERE key = 'restore'`,
    );
    await finish(client, "backup.restore-undone", options);
  });

/** Signing out is all that anybody can take away while nothing is decided; the restore itself revoked at its own time. */
async function keepRevoked(client: pg.Client): Promise<void> {
  await copyMissing(client, "revoked_tokens", "jti", ASIDE);
  await client.query(`
    UPDATE public.sessions s SET revoked_at = m.revoked_at, revoked_because = m.revoked_because
      FROM ${ASIDE}.sessions m
     WHERE m.id = s.id AND s.revoked_at IS NULL
       AND m.revoked_at > (SELECT max(created_at) FROM ${ASIDE}.audit_log WHERE action = 'backup.restored')`);
}

/** Lets the former state go. */
export const letGo = (options: Options): Promise<void> =>
  exchange(options, async (client) => {
    await dropSchema(client, FORMER);
    await client.query("DELETE FROM public.system_state WHERE key = 'restore'");
    await finish(client, "backup.restore-confirmed", options);
  });

async function finish(
  client: pg.Client,
  action: "backup.restore-undone" | "backup.restore-confirmed",
  { by, filename }: Options,
): Promise<void> {
  await client.query("SET LOCAL search_path = public");
  await auditRow(client, { action, details: { filename }, by });
}

/** In one transaction with all tables held; again where others hold them. All processes hear of it. */
async function exchange<T>({ url, signal }: Options, work: (client: pg.Client) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const client = await openSession(url, signal);
    try {
      await client.query(
        `BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL idle_in_transaction_session_timeout = '${STANDSTILL}'`,
      );
      await client.query("SELECT pg_advisory_xact_lock($1)", [EXCHANGE_LOCK]);
      await lockAll(client, "public");
      const result = await work(client);
      await client.query("SELECT pg_notify('system_changed', 'restored')");
      await client.query("COMMIT");
      return result;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!PASSING.has((error as { code?: string }).code ?? "")) throw error;
      if (tries === TRIES) throw new AppError("restore-busy", { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(200, undefined, { signal });
  }
}
