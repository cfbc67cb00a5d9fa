import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { inspect } from "node:util";
import { TRELLIS } from "../../server/providers/genapi/networks.ts";
import type { PollOutcome } from "../../server/providers/provider.ts";
import type { BehaviourName } from "../support/fake-genapi/behaviours.ts";
import { startGenapi, timeOut } from "../support/genapi-harness.ts";

type Kind = PollOutcome["kind"];

/** Behaviour of the remote side → what the polls in a row must say. */
const SEQUENCES: [BehaviourName, Kind[]][] = [
  ["progress", ["running", "running", "running", "running", "finished"]],
  ["completed", ["finished"]],
  ["poll-404-then-ok", ["unreachable", "unreachable", "finished"]],
  ["poll-401-then-ok", ["unreachable", "finished"]],
  ["poll-419-then-ok", ["unreachable", "finished"]],
  ["poll-429-then-ok", ["unreachable", "finished"]],
  ["poll-429-date-then-ok", ["unreachable", "finished"]],
  ["poll-500-then-ok", ["unreachable", "finished"]],
  ["poll-503-then-ok", ["unreachable", "finished"]],
  ["poll-html-200-then-ok", ["unreachable", "finished"]],
  ["poll-html-502-then-ok", ["unreachable", "finished"]],
  ["poll-malformed-then-ok", ["unreachable", "finished"]],
  ["poll-empty-then-ok", ["unreachable", "finished"]],
  ["poll-array-then-ok", ["unreachable", "finished"]],
  ["poll-hang-then-ok", ["unreachable", "finished"]],
  ["poll-hang-in-json-then-ok", ["unreachable", "finished"]],
  ["poll-reset-then-ok", ["unreachable", "finished"]],
  ["url-late", ["result-missing", "result-missing", "result-missing", "finished"]],
  ["url-never", ["result-missing", "result-missing"]],
  ["url-only-preview", ["result-missing", "result-missing"]],
  ["status-unknown", ["running", "running", "finished"]],
  ["status-missing", ["running", "finished"]],
  ["status-going-back", ["running", "running", "running", "finished"]],
  ["failed", ["failed"]],
  ["cancelled", ["failed"]],
];

/** Shapes of a finished answer; the address must be found in each. */
const RESULT_SHAPES: BehaviourName[] = [
  "immediate",
  "result-string",
  "result-objects",
  "result-object",
  "result-object-model-urls",
  "result-output",
  "result-full-response",
  "result-full-response-object",
  "result-full-response-text",
  "result-preview-first",
];

const ERROR_SHAPES: BehaviourName[] = [
  "error-result",
  "error-result-string",
  "error-field",
  "error-object",
  "error-message",
];

describe("what a poll means", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  before(async () => {
    harness = await startGenapi();
  });
  after(() => harness.dispose());

  /** The remote id of a new generation with this behaviour. */
  async function start(behaviour: BehaviourName): Promise<string> {
    harness.fake.script(behaviour);
    const outcome = await harness.submit();
    assert.ok(outcome.kind === "accepted" || outcome.kind === "finished", inspect(outcome));
    return String(outcome.remoteId);
  }

  async function endlessPoll(t: TestContext, id: string): Promise<PollOutcome> {
    const before = harness.fake.requests.length;
    const { signal } = new AbortController();
    const { outcome, milliseconds } = await timeOut(
      t,
      () => harness.provider.poll(id, TRELLIS, signal),
      () => harness.fake.requests.length > before,
    );
    assert.deepEqual(milliseconds, [60_000]);
    return outcome;
  }

  for (const [behaviour, kinds] of SEQUENCES) {
    it(`${behaviour} → ${kinds.join(", ")}`, async (t) => {
      const id = await start(behaviour);
      const seen: Kind[] = [];
      for (const expected of kinds) {
        const isEndless = behaviour.includes("hang") && expected === "unreachable";
        seen.push((await (isEndless ? endlessPoll(t, id) : harness.poll(id))).kind);
      }
      assert.deepEqual(seen, kinds);
    });
  }

  for (const behaviour of RESULT_SHAPES) {
    it(`finds the address: ${behaviour}`, async () => {
      const id = await start(behaviour);
      const outcome = await harness.poll(id);
      assert.equal(outcome.kind, "finished", inspect(outcome));
      assert.deepEqual(outcome.result.location, {
        kind: "url",
        url: `${harness.fake.fileUrl}/files/${id}.glb`,
      });
      assert.equal(outcome.result.costRoubles, 17);
    });
  }

  it("takes an address without an extension, and a cost that is a text", async () => {
    const bare = await harness.poll(await start("result-without-extension"));
    assert.ok(bare.kind === "finished" && bare.result.location.kind === "url");
    assert.match(bare.result.location.url, /\/files\/\d+$/);
    const priced = await harness.poll(await start("result-cost-string"));
    assert.ok(priced.kind === "finished");
    assert.equal(priced.result.costRoubles, 17.5);
  });

  for (const behaviour of ERROR_SHAPES) {
    it(`quotes the reason of a failure: ${behaviour}`, async () => {
      const id = await start(behaviour);
      assert.equal((await harness.poll(id)).kind, "running");
      assert.deepEqual(await harness.poll(id), {
        kind: "failed",
        code: "provider-failed",
        message: "Не удалось обработать изображение",
        retryable: false,
        costRoubles: null,
      });
    });
  }

  const failureOf = async (behaviour: BehaviourName) => {
    const id = await start(behaviour);
    await harness.poll(id);
    const outcome = await harness.poll(id);
    assert.ok(outcome.kind === "failed", inspect(outcome));
    return outcome;
  };

  it("knows which failures may pass", async () => {
    assert.equal((await failureOf("error-temporary")).retryable, true);
    assert.equal((await failureOf("error-params")).retryable, false);
  });

  it("has words for a silent failure and keeps what it cost", async () => {
    assert.match((await failureOf("error-silent")).message, /no reason/);
    assert.equal((await failureOf("error-charged")).costRoubles, 12.5);
  });

  it("keeps progress between 0 and 100", async () => {
    const id = await start("progress-wild");
    const percents: (number | null)[] = [];
    for (let polls = 0; polls < 3; polls++) {
      const outcome = await harness.poll(id);
      percents.push(outcome.kind === "running" ? outcome.percent : null);
    }
    assert.deepEqual(percents, [100, 0, 42]);
  });

  it("passes Retry-After on", async () => {
    const outcome = await harness.poll(await start("poll-429-then-ok"));
    assert.equal(outcome.kind === "unreachable" && outcome.retryAfterSeconds, 9);
  });

  it("reports an unknown status once", async () => {
    const [first, second] = [await start("status-unknown"), await start("status-unknown")];
    for (const id of [first, second]) for (let polls = 0; polls < 2; polls++) await harness.poll(id);
    assert.equal(harness.warnings.filter((text) => text.includes('"warming_up"')).length, 1);
  });

  it("treats a request that GenAPI does not know as not visible yet", async () => {
    const outcome = await harness.poll("99999999");
    assert.ok(outcome.kind === "unreachable", inspect(outcome));
    assert.match(outcome.message, /does not show the request/);
  });
});
