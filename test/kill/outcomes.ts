import type { Event } from "./observer.ts";
import type { Kill } from "./points.ts";
import type { Replica } from "./replica.ts";
import type { GenerationRow } from "./rows.ts";

/** A generation that a killed process had in its hands, or that the point names. */
export interface Hit {
  kill: Kill;
  row: GenerationRow;
  /**
   * From the kill to the next write by a process that lives, counting only time in which a server was up; null
   * where nothing was left to do.
   */
  seconds: number | null;
}

const AT_REST = new Set(["succeeded", "failed", "canceled", "needs-confirmation"]);

/** Nothing is to be done: it has ended, or a person or the provider's call is waited for. */
const isAtRest = ({ status, stage }: Event) =>
  AT_REST.has(status) || (status === "submitting" && stage === "generating");

export function findHits(
  kills: readonly Kill[],
  rows: readonly GenerationRow[],
  history: ReadonlyMap<string, Event[]>,
  replicas: readonly Replica[],
): Hit[] {
  const up = replicas.flatMap((replica) => replica.up);
  return kills.flatMap((kill) =>
    rows.flatMap((row) => {
      const events = history.get(row.id) ?? [];
      // What the dead process had sent to the database may still take effect after its end.
      const before = events.filter(({ at, writer }) => at <= kill.at || writer === kill.writer).at(-1);
      const isNamed = row.id === kill.generationId || row.remoteIds.includes(kill.remoteId ?? "-");
      if (!before || !(isNamed || before.writer === kill.writer)) return [];
      const rests = isAtRest(before);
      if (rests && !isNamed) return [];
      const next = events.find(({ at, writer }) => at > kill.at && writer !== kill.writer);
      const seconds = rests || !next ? null : upTime(up, kill.at, next.at) / 1000;
      return [{ kill, row, seconds }];
    }),
  );
}

/** Milliseconds of [from, to] in which at least one server was up. */
function upTime(spans: readonly { from: number; to: number }[], from: number, to: number): number {
  let sum = 0;
  let end = from;
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const start = Math.max(end, span.from);
    const stop = Math.min(to, span.to);
    if (stop <= start) continue;
    sum += stop - start;
    end = stop;
  }
  return sum;
}

/** Per point: kills, how the generations that were hit ended, and the slowest resume. */
export function tabulate(kills: readonly Kill[], hits: readonly Hit[]) {
  const table: Record<string, Record<string, number | string>> = {};
  for (const { point } of kills) {
    if (table[point]) continue;
    const own = hits.filter(({ kill }) => kill.point === point);
    const seconds = own.flatMap((hit) => (hit.seconds === null ? [] : [hit.seconds])).sort((a, b) => a - b);
    table[point] = {
      kills: kills.filter((kill) => kill.point === point).length,
      "generations hit": own.length,
      "paid once": own.filter(({ row }) => row.confirmed === 0 && row.status === "succeeded").length,
      "asked a person": own.filter(({ row }) => row.confirmed > 0).length,
      canceled: own.filter(({ row }) => row.status === "canceled").length,
      "median resume, s": (seconds[seconds.length >> 1] ?? 0).toFixed(1),
      "slowest, s": (seconds.at(-1) ?? 0).toFixed(1),
    };
  }
  return table;
}
