import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcessesIn } from "../../server/setup/processes.mjs";
import { createTestDatabase } from "../support/database.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { createCustomers } from "./customers.ts";
import { startGate } from "./gate.ts";
import { createMarksman, type Kill, POINTS, type Point } from "./marksman.ts";
import { Replica } from "./replica.ts";
import { settle } from "./settle.ts";
import { findViolations } from "./verify.ts";
import { startWatcher } from "./watcher.ts";

/** Points aimed at at the same time: one replica may die while the other still starts. */
const LANES = 2;
const AIM_MS = 20_000;
/** Moments that may fail to come, beside one for each kill. */
const MAX_MISSES = 10;
/** Generations on their way at the same time, so that every point has somebody passing by. */
const IN_FLIGHT = 6;

export interface CampaignResult {
  kills: Kill[];
  /** Sentences; empty when everything that was promised held. */
  violations: string[];
  summary: Record<string, number>;
  /** Per point: how often and what became of the generations that were hit. */
  table: Record<string, Record<string, number | string>>;
}

/**
 * Two servers on one database and one store, a fake GenAPI, customers who upload all the time, and `kills` times
 * `kill -9` at the named points in turn. Answers what was lost, paid twice, stuck or left over.
 */
export async function runCampaign(
  kills: number,
  { points = POINTS, say }: { points?: readonly Point[]; say: (line: string) => void },
): Promise<CampaignResult> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-kill-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const fake = stack.use(await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) }));
  const uploads = path.join(folder, "uploads");
  const settings: Record<string, string> = {
    DATABASE_URL: database.url,
    UPLOAD_DIR: uploads,
    GENAPI_API_KEY: fake.key,
  };
  const replicas = ["a", "b"].map((name) => new Replica(name, folder, settings));
  const marksman = createMarksman(replicas);
  const api = stack.adopt(await startGate(marksman, fake.url), (part) => part.dispose());
  const files = stack.adopt(await startGate(marksman, fake.fileUrl), (part) => part.dispose());
  settings.GENAPI_BASE_URL = `${api.url}/api/v1`;
  settings.GENAPI_RESULT_HOSTS = "127.0.0.1";
  fake.script({
    polls: [
      state({ status: "processing", progress: 30 }),
      success(({ generation }) => ({ result: [`${files.url}/files/${generation?.id}.glb`] })),
    ],
  });
  const watcher = stack.adopt(await startWatcher(database.url, marksman), (part) => part.dispose());
  const customers = createCustomers(replicas, marksman);
  stack.defer(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
  await Promise.all(replicas.map((replica) => replica.start()));

  const done: Kill[] = [];
  const ended = new AbortController();
  const traffic = keepBusy();
  let misses = 0;
  const plan = Array.from({ length: kills }, (_, index) => points[index % points.length]);
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let point = plan.shift(); point; point = plan.shift()) {
        const kill = await killAt(point);
        if (kill) done.push(kill);
        else {
          say(`The moment "${point}" did not come; later again`);
          misses += 1;
          if (misses > MAX_MISSES + kills) throw new Error(`The moment "${point}" never comes.`);
          plan.push(point);
        }
        if (kill) say(`kill ${done.length}: ${point}`);
      }
    }),
  );
  ended.abort();
  await traffic;
  await Promise.all(replicas.map((replica) => replica.settled()));
  say("No more kills; waiting for what is on its way");
  const settled = await settle({ watcher, customers, fake });
  const { violations, ...rest } = await findViolations({
    kills: done,
    watcher,
    customers,
    fake,
    uploads,
    readyUrl: replicas[0].current!.url,
  });
  await Promise.all(replicas.map((replica) => replica.stop()));
  const left = await endProcessesIn(folder);
  for (const { command } of left) violations.push(`A process was left: ${command}`);
  return { kills: done, violations: [...settled, ...violations], ...rest };

  async function killAt(point: Point): Promise<Kill | null> {
    const aimed = marksman.aim(point, AIM_MS);
    if (point === "random") {
      await sleep(Math.random() * 1500);
      const replica = replicas[Math.floor(Math.random() * replicas.length)];
      marksman.shoot("random", replica, {});
    }
    const kill = await aimed;
    await kill?.readyAt;
    return kill;
  }

  async function keepBusy(): Promise<void> {
    const confirming = new Set<string>();
    while (!ended.signal.aborted) {
      const { rows } = await watcher.pool.query<{ id: string; status: string }>(
        `SELECT id, status FROM generation_tasks WHERE finished_at IS NULL`,
      );
      const waiting = rows.filter(({ status }) => status === "needs-confirmation");
      // Half of the people decide at once, half leave it for later.
      for (const { id } of waiting.filter(({ id }) => Number.parseInt(id.at(-1)!, 16) % 2 === 0)) {
        if (confirming.has(id)) continue;
        confirming.add(id);
        void customers.confirm(id).finally(() => confirming.delete(id));
      }
      if (
        rows.filter(({ status }) => ["queued", "processing", "finishing"].includes(status)).length < IN_FLIGHT
      ) {
        await customers.upload();
      }
      await sleep(200);
    }
  }
}
