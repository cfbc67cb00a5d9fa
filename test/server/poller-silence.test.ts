import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { connectDatabase } from "../../server/database/connect.ts";
import { type JobDeps, USUAL_PACE } from "../../server/jobs/deps.ts";
import { createPollPlan } from "../../server/jobs/poll-plan.ts";
import { startPoller } from "../../server/jobs/poller.ts";
import type { Logger } from "../../server/logger.ts";
import { setProviderLimits } from "../../server/models/provider-limits.ts";
import { defineRecords } from "../../server/models/records.ts";
import { NETWORKS } from "../../server/providers/networks.ts";
import type { PollOutcome, Provider } from "../../server/providers/provider.ts";
import { createTestDatabase } from "../support/database.ts";
import { insertRemoteWork } from "../support/remote-work.ts";
import { until } from "../support/until.ts";

/** As many polls as one process has at once. */
const ALL_AT_ONCE = 32;
/** Seconds; a quarter of it passes between two looks. */
const SILENCE = 0.4;
/** More looks than so much silence takes. */
const LOOKS = 8;
const NO_ANSWER: PollOutcome = { kind: "unreachable", message: "silent", retryAfterSeconds: 600 };

test("a provider is silent, too, while as many polls hang as may be under way", async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  stack.defer(() => client.end());
  const pool = { max: 4, min: 0, acquireMs: 60_000, idleMs: 1_000 };
  const records = defineRecords(connectDatabase({ url: database.url, pool }));
  stack.defer(() => records.sequelize.close());
  await setProviderLimits(records, "genapi", { requestsPerSecond: 1000, createsAtOnce: 4 });
  const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());
  await insertRemoteWork(client, { remoteIds: ids(ALL_AT_ONCE), dueIn: -60 });
  const [remoteId] = ids(1);
  const [overdue] = await insertRemoteWork(client, { remoteIds: [remoteId], dueIn: -1, deadlineIn: -3600 });

  const asked: string[] = [];
  const hanging: ((outcome: PollOutcome) => void)[] = [];
  const provider = {
    id: "genapi",
    poll: (polled: string) =>
      new Promise<PollOutcome>((resolve) => {
        asked.push(polled);
        hanging.push(resolve);
      }),
  } as Partial<Provider> as Provider;
  let looks = 0;
  const stopping = new AbortController();
  const pace = { ...USUAL_PACE, betweenLooks: 0, silence: SILENCE };
  const poller = startPoller(
    {
      records,
      pace,
      polls: createPollPlan(pace, false),
      logger: { warn() {}, info() {}, error() {} } as unknown as Logger,
      notices: { subscribe: () => () => undefined },
      directory: { networks: NETWORKS, ownKeys: { providerFor: async () => provider } },
      tracer: null,
      stopping: stopping.signal,
      isFrozen() {
        looks += 1;
        return false;
      },
    } as unknown as JobDeps,
    provider,
  );
  stack.defer(async () => {
    stopping.abort();
    for (const answer of hanging) answer(NO_ANSWER);
    await poller.dispose();
  });

  await until("all polls hang", () => asked.length === ALL_AT_ONCE);
  const looksBefore = looks;
  await until("it has looked often enough", () => looks > looksBefore + LOOKS);
  hanging[0](NO_ANSWER);
  await until("the overdue work has ended", async () => {
    const { rows } = await client.query("SELECT status FROM generation_tasks WHERE id = $1", [overdue]);
    assert.ok(!asked.includes(remoteId), "nobody who has been silent for so long is asked once more");
    return rows[0].status === "failed";
  });
});
