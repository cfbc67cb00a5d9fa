import { setTimeout as sleep } from "node:timers/promises";
import { QueryTypes } from "sequelize";
import type { TestApp } from "./app.ts";

const PATIENCE_MS = 180_000;

/** The job of this name that was enqueued for a generation was taken up and has ended. */
export async function jobDone(app: TestApp, name: string, generationId: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(100)) {
    const [{ open, ended }] = await app.context.records.sequelize.query<{ open: number; ended: number }>(
      `SELECT count(*) FILTER (WHERE state < 'completed')::int AS open,
              count(*) FILTER (WHERE state = 'completed')::int AS ended
         FROM jobs.job WHERE name = :name AND data->>'generationId' = :generationId`,
      { replacements: { name, generationId }, type: QueryTypes.SELECT },
    );
    if (open === 0 && ended > 0) return;
    if (performance.now() > deadline) throw new Error(`${name}: ${open} open, ${ended} ended`);
  }
}
