import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { AppError } from "../../errors.ts";
import { hasTable } from "./schemas.ts";

const PATIENCE_MS = 120_000;
const LOOK_MS = 500;

/**
 * Waits until no process works on a generation, seen twice in a row. What is being sent to a paid provider must end:
 * its answer would be lost. Anything else is only waited for, because it can be done again.
 * @throws AppError `restore-busy`
 */
export async function drainWork(client: pg.Client, signal: AbortSignal): Promise<void> {
  // Without them nobody works.
  if (!(await hasTable(client, "public.generation_tasks"))) return;
  const endAt = performance.now() + PATIENCE_MS;
  for (let idle = 0; idle < 2; ) {
    const { rows } = await client.query<{ sending: number; working: number }>(
      `SELECT count(*) FILTER (WHERE status = 'submitting')::int AS sending, count(*)::int AS working
         FROM public.generation_tasks
        WHERE status IN ('submitting', 'processing', 'finishing') AND wake_at > now()
          AND NOT (status = 'processing' AND remote_id IS NOT NULL)`,
    );
    const [{ sending, working }] = rows;
    idle = working === 0 ? idle + 1 : 0;
    if (performance.now() > endAt) {
      if (sending > 0) throw new AppError("restore-busy");
      return;
    }
    if (idle < 2) await sleep(LOOK_MS, undefined, { signal });
  }
}
