import type { Kill } from "./marksman.ts";
import type { GenerationRow } from "./verify.ts";
import type { Watcher } from "./watcher.ts";

export interface Resume {
  kill: Kill;
  row: GenerationRow;
  /** From the restart of the killed replica to the next visible change; 0 when the other one was faster. */
  seconds: number;
}

/** When the generation that each kill hit went on; kills that hit finished or unknown work are left out. */
export async function findResumes(kills: Kill[], rows: GenerationRow[], watcher: Watcher): Promise<Resume[]> {
  const { rows: attempts } = await watcher.pool.query<{ id: string; remoteId: string }>(
    `SELECT generation_id AS id, remote_id AS "remoteId" FROM generation_attempts WHERE remote_id IS NOT NULL`,
  );
  const found: Resume[] = [];
  for (const kill of kills) {
    const id =
      kill.generationId ?? attempts.find(({ remoteId }) => kill.remoteId && remoteId === kill.remoteId)?.id;
    const row = rows.find((row) => (id ? row.id === id : row.photo === kill.photoSha256));
    const next = row && watcher.changesOf(row.id).find((time) => time > kill.at + 1);
    if (!row || !next) continue;
    found.push({ kill, row, seconds: Math.max(0, next - (await kill.readyAt)) / 1000 });
  }
  return found;
}

/** Per point: kills, how the generations that were hit ended, and the slowest resume. */
export function tabulate(kills: Kill[], resumes: Resume[]) {
  const table: Record<string, Record<string, number | string>> = {};
  for (const { point } of kills) {
    if (table[point]) continue;
    const hits = resumes.filter(({ kill }) => kill.point === point);
    table[point] = {
      kills: kills.filter((kill) => kill.point === point).length,
      "went on": hits.length,
      "paid once": hits.filter(({ row }) => row.confirmed === 0 && row.status === "succeeded").length,
      "asked a person": hits.filter(({ row }) => row.confirmed > 0).length,
      "not succeeded": hits.filter(({ row }) => row.status !== "succeeded").length,
      "slowest, s": Math.max(0, ...hits.map(({ seconds }) => seconds)).toFixed(1),
    };
  }
  return table;
}
