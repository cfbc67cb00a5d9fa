import type pg from "pg";
import type { SwitchValue } from "../system/switches.ts";

/** The switches that tell all processes how a restore stands, written without a process's own copy of them. */
export async function writeRestoreNote<N extends "restore" | "restoreFailure">(
  client: pg.Client,
  name: N,
  value: SwitchValue<N>,
): Promise<void> {
  if (value === null) await client.query("DELETE FROM public.system_state WHERE key = $1", [name]);
  else {
    await client.query(
      `INSERT INTO public.system_state (key, value) VALUES ($1, $2)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`,
      [name, JSON.stringify(value)],
    );
  }
  await client.query("SELECT pg_notify('system_changed', $1)", [name]);
}
