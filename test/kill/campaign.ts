import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { endProcessesIn } from "../../server/setup/processes.mjs";
import { createTestDatabase } from "../support/database.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { boxGlb } from "../support/make-glb.ts";
import { startApiGate } from "./api-gate.ts";
import { startCallbackGate } from "./callback-gate.ts";
import { createCustomers } from "./customers.ts";
import { startFileGate } from "./file-gate.ts";
import { createMarksman } from "./marksman.ts";
import { startObserver } from "./observer.ts";
import { createPendingCalls } from "./pending-calls.ts";
import { CALLBACK_POINTS, type Kill, POINTS, type Point } from "./points.ts";
import { Replica } from "./replica.ts";
import { slowWork } from "./script.ts";
import { settle } from "./settle.ts";
import { shootAll } from "./shooting.ts";
import { keepBusy } from "./traffic.ts";
import { findViolations } from "./verify.ts";

export interface CampaignOptions {
  kills: number;
  /** Whether the provider can call the servers. */
  callbacks: boolean;
  points?: readonly Point[];
  /** Longest time in which a server is up and a generation that was hit stands still. */
  resumeLimitSeconds: number;
  say: (line: string) => void;
}

export interface CampaignResult {
  kills: Kill[];
  /** Sentences; empty when everything that was promised held. */
  violations: string[];
  summary: Record<string, number | string>;
  /** Per point: how often and what became of the generations that were hit. */
  table: Record<string, Record<string, number | string>>;
}

/**
 * Two servers on one database and one store, a fake GenAPI, customers who upload all the time, and so many times
 * `kill -9` at the named points in turn. Answers what was lost, paid twice, stuck or left over.
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { callbacks, say } = options;
  const points = (options.points ?? POINTS).filter((point) => callbacks || !CALLBACK_POINTS.includes(point));
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-kill-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const fake = stack.use(await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) }));
  const uploads = path.join(folder, "uploads");
  const marksman = createMarksman();
  const pending = createPendingCalls();
  const replicas: Replica[] = [];
  for (const name of ["a", "b"]) {
    const replica = await Replica.create(name, folder, database.url);
    replicas.push(stack.adopt(replica, (part) => part.dispose()));
  }
  const observer = stack.adopt(await startObserver(database.url, marksman, replicas), (part) =>
    part.dispose(),
  );
  const files = stack.adopt(await startFileGate(marksman, fake.fileUrl, observer.workerOf), (part) =>
    part.dispose(),
  );
  const calls = stack.adopt(
    await startCallbackGate({ marksman, replicas, pending, isLost: observer.isLost }),
    (part) => part.dispose(),
  );
  const lostAnswers = new Set<string>();
  const onLostAnswer = (remoteId: string) => void lostAnswers.add(remoteId);
  for (const replica of replicas) {
    const api = stack.adopt(await startApiGate({ marksman, replica, onLostAnswer }, fake.url), (part) =>
      part.dispose(),
    );
    Object.assign(replica.settings, {
      UPLOAD_DIR: uploads,
      GENAPI_API_KEY: fake.key,
      GENAPI_BASE_URL: `${api.url}/api/v1`,
      GENAPI_RESULT_HOSTS: "127.0.0.1",
      ...(callbacks && { PUBLIC_URL: calls.url }),
    });
  }
  fake.script(slowWork(files.url, { lostAnswers, pending }));
  const customers = createCustomers(replicas, marksman);
  await Promise.all(replicas.map((replica) => replica.start()));

  const ended = new AbortController();
  const traffic = keepBusy({ observer, customers, pending }, ended.signal);
  const shooting = shootAll({ marksman, replicas, points, kills: options.kills, say });
  const kills = await Promise.race([shooting, traffic.then(() => shooting)]);
  ended.abort();
  await traffic;
  await Promise.all(replicas.map((replica) => replica.settled()));
  say("No more kills; waiting for what is on its way");
  const settled = await settle({ observer, customers, fake, pending, say });
  const found = await findViolations({
    kills,
    observer,
    customers,
    fake,
    uploads,
    replicas,
    resumeLimitSeconds: options.resumeLimitSeconds,
  });
  await Promise.all(replicas.map((replica) => replica.stop()));
  const left = await endProcessesIn(folder);
  const remains = left.map(({ command }) => `A process was left: ${command}`);
  return { kills, ...found, violations: [...settled, ...found.violations, ...remains] };
}
