import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import type { Generation } from "../../server/contract/generation.ts";
import {
  mergeRunning,
  readNewest,
  readNewestRunning,
  rememberGeneration,
} from "../../web/src/api/generation-cache.ts";
import { queryKeys } from "../../web/src/api/query-keys.ts";

const generation = (change: Partial<Generation>): Generation => ({
  id: "a",
  status: "processing",
  stage: "generating",
  progress: 30,
  queuePosition: null,
  etaSeconds: null,
  provider: "local",
  network: "silhouette",
  preset: "standard",
  params: {},
  name: "Sofa",
  tags: [],
  dimensions: null,
  photo: { url: "/photo", width: 800, height: 600, bytes: 1, mediaType: "image/jpeg" },
  modelId: null,
  cost: null,
  expectedCost: null,
  keptResult: false,
  keptUntil: null,
  tries: 1,
  pause: null,
  error: null,
  retry: null,
  attempts: 1,
  createdAt: "2026-11-21T12:00:00.000Z",
  updatedAt: "2026-11-21T12:00:10.000Z",
  startedAt: null,
  finishedAt: null,
  ...change,
});

test("the running list takes in, replaces and lets go", () => {
  const [a, b] = [generation({}), generation({ id: "b" })];
  assert.deepEqual(mergeRunning([a], b), [b, a]);
  const further = generation({ progress: 60 });
  assert.deepEqual(mergeRunning([b, a], further), [b, further]);
  assert.deepEqual(mergeRunning([b, a], generation({ status: "succeeded" })), [b]);
  assert.deepEqual(mergeRunning([], generation({ status: "needs-confirmation" })).length, 1);
});

test("news that comes late changes nothing", () => {
  const client = new QueryClient();
  const fresh = generation({ progress: 60, updatedAt: "2026-11-21T12:00:20.000Z" });
  rememberGeneration(client, fresh);
  const before = rememberGeneration(client, generation({ progress: 30 }));
  assert.deepEqual(before, fresh);
  assert.deepEqual(client.getQueryData(queryKeys.generation("a")), fresh);
  client.clear();
});

test("an answer that news has overtaken takes nothing back", async () => {
  const client = new QueryClient();
  const ended = generation({ status: "succeeded", updatedAt: "2026-11-21T12:01:00.000Z" });
  const later = { ...ended, name: "Blue sofa", updatedAt: "2026-11-21T12:02:00.000Z" };
  const [old, other] = [generation({}), generation({ id: "b" })];
  /** An answer on whose way the end is told. */
  const overtaken =
    <T>(answer: T) =>
    async () => {
      client.removeQueries({ queryKey: queryKeys.generation("a") });
      rememberGeneration(client, { ...ended });
      return answer;
    };
  assert.equal(await readNewest(client, async () => old), old);
  assert.deepEqual(await readNewest(client, overtaken(old)), ended);
  assert.equal(await readNewest(client, overtaken(later)), later);
  const page = { items: [other, old], nextCursor: null };
  assert.deepEqual(await readNewestRunning(client, overtaken(page)), { ...page, items: [other] });
  client.clear();
});

test("what was asked for after the last news is believed, whatever its time", async () => {
  const client = new QueryClient();
  const progress = generation({ progress: 60, updatedAt: "2026-11-21T12:00:10.000Z" });
  // The time of an end is when its transaction began, which may be before the last progress was written.
  const ended = generation({ status: "succeeded", updatedAt: "2026-11-21T12:00:05.000Z" });
  rememberGeneration(client, progress);
  assert.deepEqual(rememberGeneration(client, ended), progress);
  assert.equal(await readNewest(client, async () => ended), ended);

  rememberGeneration(client, { ...ended, updatedAt: "2026-11-21T12:00:20.000Z" });
  const again = generation({ status: "queued", updatedAt: "2026-11-21T12:00:04.000Z" });
  const page = { items: [again], nextCursor: null };
  assert.deepEqual(await readNewestRunning(client, async () => page), page);
  client.clear();
});

test("a finished generation makes the lists of models stale", () => {
  const client = new QueryClient();
  client.setQueryData(queryKeys.recentModels, { items: [], nextCursor: null });
  rememberGeneration(client, generation({}));
  assert.equal(client.getQueryState(queryKeys.recentModels)?.isInvalidated, false);
  rememberGeneration(client, generation({ status: "succeeded", updatedAt: "2026-11-21T12:01:00.000Z" }));
  assert.equal(client.getQueryState(queryKeys.recentModels)?.isInvalidated, true);
  client.clear();
});
