import { setTimeout as sleep } from "node:timers/promises";
import type { Marksman } from "./marksman.ts";
import type { Kill, Point } from "./points.ts";
import type { Replica } from "./replica.ts";

/** Points waited for at the same time: one replica may die while the other still starts. */
const LANES = 3;
const AIM_MS = 20_000;
/** Moments in a row that may fail to come, also where everything is slow; more mean that nothing goes on. */
const MAX_MISSES = 15;
const LOG_CHARACTERS = 1_500;
const RANDOM_MS = 1_500;
/** Of a start of a server, about. */
const START_MS = 1_300;

interface Range {
  marksman: Marksman;
  replicas: readonly Replica[];
  points: readonly Point[];
  kills: number;
  say: (line: string) => void;
}

/** Kills so often, at the points in turn, some at the same time. */
export async function shootAll({ marksman, replicas, points, kills, say }: Range): Promise<Kill[]> {
  const done: Kill[] = [];
  let misses = 0;
  const plan = Array.from({ length: kills }, (_, index) => points[index % points.length]);
  const aimedAt = new Set<Point>();

  function next(): Point | undefined {
    const index = plan.findIndex((point) => !aimedAt.has(point));
    return index < 0 ? undefined : plan.splice(index, 1)[0];
  }

  async function lane(): Promise<void> {
    for (;;) {
      const point = next();
      if (!point) {
        if (plan.length === 0) return;
        await sleep(100);
        continue;
      }
      aimedAt.add(point);
      const kill = await killAt(point);
      aimedAt.delete(point);
      if (kill) {
        done.push(kill);
        misses = 0;
        say(`kill ${done.length}: ${point}`);
        await kill.readyAt;
        continue;
      }
      say(`The moment "${point}" did not come; later again`);
      misses += 1;
      if (misses > MAX_MISSES) {
        const logs = await Promise.all(replicas.map((replica) => replica.log(LOG_CHARACTERS)));
        throw new Error(`The moment "${point}" never comes. The servers say:\n${logs.join("\n")}`);
      }
      plan.push(point);
    }
  }

  async function killAt(point: Point): Promise<Kill | null> {
    const aimed = marksman.aim(point, AIM_MS);
    if (point === "random" || point === "while starting") {
      const againAfterMs = point === "while starting" ? Math.random() * START_MS : undefined;
      do {
        await sleep(Math.random() * RANDOM_MS);
        const up = replicas.filter(({ current }) => current);
        marksman.shoot(point, up[Math.floor(Math.random() * up.length)], {}, { againAfterMs });
      } while (marksman.isArmed(point));
    }
    return aimed;
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  return done;
}
