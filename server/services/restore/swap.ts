import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { openSession } from "../../backup/session.ts";
import { AppError } from "../../errors.ts";
import type { Actor } from "../audit.ts";
import { auditRow, type CarriedOver, carryOver, copyMissing } from "./carry-over.ts";
import { ASIDE, dropSchema, FORMER, lockAll, moveAll } from "./schemas.ts";

/** Somebody holds a table, or holds another of them and waits for ours. */
const PASSING = new Set(["55P03", "40P01"]);
const TRIES = 20;

interface Options {
  url: string;
  by: Actor;
  filename: string;
  signal: AbortSignal;
}

/** Puts what was loaded aside in place, in one transaction; the former state is kept. */
export const swapIn = (options: Options & { freeProviders: string[] }): Promise<CarriedOver> =>
  exchange(options, async (client) => {
    await client.query(`CREATE SCHEMA ${FORMER}`);
    await moveAll(client, "public", FORMER);
    await moveAll(client, ASIDE, "public");
    await dropSchema(client, ASIDE);
    const carried = await carryOver(client, options);
    const state = { filename: options.filename, state: "restored", at: new Date().toISOString(), ...carried };
    await client.query("INSERT INTO public.system_state (key, value) VALUES ('restore', $1)", [
      JSON.stringify(state),
    ]);
    return carried;
  });

/** Puts the former state back, in one transaction; only the audit log keeps what was done meanwhile. */
export const swapBack = (options: Options): Promise<void> =>
  exchange(options, async (client) => {
    await client.query(`CREATE SCHEMA ${ASIDE}`);
    await moveAll(client, "public", ASIDE);
    await moveAll(client, FORMER, "public");
    await client.query("SET LOCAL search_path = public");
    await copyMissing(client, "audit_log", "id", ASIDE);
    await dropSchema(client, ASIDE);
    await dropSchema(client, FORMER);
    // The switch of the former state still says that a restore runs: until the files are back nothing is changed.
    await finish(client, "backup.restore-undone", options);
  });

/** Lets the former state go; answers the id of its installation where that is another one. */
export const letGo = (options: Options): Promise<string | null> =>
  exchange(options, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM ${FORMER}.installation EXCEPT SELECT id FROM public.installation`,
    );
    await dropSchema(client, FORMER);
    await client.query("DELETE FROM public.system_state WHERE key = 'restore'");
    await finish(client, "backup.restore-confirmed", options);
    return rows[0]?.id ?? null;
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
      await client.query("BEGIN; SET LOCAL lock_timeout = '3s'");
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
