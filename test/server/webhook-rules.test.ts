import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AttemptFacts, judgeAttempt, RETRY_SECONDS } from "../../server/services/webhook-rules.ts";

const DAY = 86_400;

const judge = (facts: Partial<AttemptFacts>, random = 0.5) =>
  judgeAttempt(
    {
      status: 500,
      retryAfterSeconds: null,
      failures: 0,
      isPing: false,
      failingSeconds: null,
      failuresInRow: 0,
      ...facts,
    },
    random,
  );

describe("repeats of a webhook", () => {
  it("are at least ten over more than a day, however the jitter falls, with growing pauses", () => {
    assert.ok(RETRY_SECONDS.length >= 10);
    assert.ok(RETRY_SECONDS.reduce((sum, pause) => sum + pause) >= DAY);
    for (const [index, pause] of RETRY_SECONDS.entries()) {
      assert.ok(index === 0 || pause > RETRY_SECONDS[index - 1]);
      assert.equal(judge({ failures: index }, 0).delaySeconds, pause);
      assert.ok(judge({ failures: index }, 0.999).delaySeconds < 2 * pause);
      assert.equal(judge({ failures: index }).state, "retry");
    }
    assert.equal(judge({ failures: RETRY_SECONDS.length }).state, "failed");
  });

  it("wait as long as Retry-After asks for, and never shorter than usual", () => {
    assert.equal(judge({ status: 429, retryAfterSeconds: 1800 }).delaySeconds, 1800);
    assert.equal(judge({ status: 503, retryAfterSeconds: 1, failures: 3 }, 0).delaySeconds, RETRY_SECONDS[3]);
  });

  it("end with any 2xx, and with nothing else", () => {
    for (const status of [200, 201, 202, 204, 299]) assert.equal(judge({ status }).state, "succeeded");
    for (const status of [100, 199, 300, 301, 302, 308, 400, 404, 500, null]) {
      assert.equal(judge({ status }).state, "retry", String(status));
    }
  });

  it("are not made for a test", () => {
    assert.deepEqual(judge({ isPing: true }), { state: "failed", delaySeconds: 0, disable: null });
  });
});

describe("a receiver", () => {
  it("is disabled at once by 410 Gone", () => {
    assert.deepEqual(judge({ status: 410 }), { state: "failed", delaySeconds: 0, disable: "gone" });
  });

  it("is disabled when nothing got through for five days and ten attempts failed in a row", () => {
    const facts = { failingSeconds: 5 * DAY, failuresInRow: 9 };
    assert.equal(judge(facts).disable, "failing");
    assert.equal(judge({ ...facts, failingSeconds: 5 * DAY - 1 }).disable, null);
    assert.equal(judge({ ...facts, failuresInRow: 8 }).disable, null);
    assert.equal(judge({ ...facts, status: 200 }).disable, null);
    assert.equal(judge({ ...facts, isPing: true }).disable, null);
  });
});
