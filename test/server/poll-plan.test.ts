import assert from "node:assert/strict";
import { it } from "node:test";
import { USUAL_PACE } from "../../server/jobs/deps.ts";
import { createPollPlan, pollDelaySeconds } from "../../server/jobs/poll-plan.ts";
import { TRELLIS } from "../../server/providers/genapi/networks.ts";

const CALM: Parameters<typeof pollDelaySeconds>[1] = {
  ageSeconds: 0,
  typicalSeconds: 150,
  fairSeconds: 0,
  hasCallbacks: false,
  retryAfterSeconds: null,
};
const delay = (changes: Partial<typeof CALM>, random = 0) =>
  pollDelaySeconds(USUAL_PACE, { ...CALM, ...changes }, random);

it("grows from three to ten seconds with the age of the work", () => {
  assert.deepEqual(
    [0, 30, 60, 100, 150, 200, 1000].map((ageSeconds) => delay({ ageSeconds })),
    [3, 3, 3, 5, 7.5, 10, 10],
  );
});

it("spreads polls, and never makes them sooner", () => {
  assert.deepEqual([delay({}, 0), delay({}, 0.5), delay({}, 1)], [3, 3 * 1.1, 3 * 1.2]);
});

it("honours Retry-After, up to ten minutes", () => {
  assert.equal(delay({ retryAfterSeconds: 45 }, 1), 45);
  assert.equal(delay({ retryAfterSeconds: 1 }), 3);
  assert.equal(delay({ retryAfterSeconds: 86_400 }), 600);
});

it("goes by the provider's rate where there is more work than that", () => {
  assert.equal(delay({ fairSeconds: 8 }), 8);
  assert.equal(delay({ fairSeconds: 8, ageSeconds: 300 }), 10);
});

it("leaves the rate to what may be done soon where there is far more work", () => {
  assert.equal(delay({ fairSeconds: 40, ageSeconds: 5 }), 85, "60 % of 150 s");
  assert.equal(delay({ fairSeconds: 40, ageSeconds: 100 }), 20);
  assert.equal(delay({ fairSeconds: 40, ageSeconds: 100, hasCallbacks: true }), 50, "the provider calls");
});

it("puts even the first poll off while it is crowded", () => {
  const plan = createPollPlan(USUAL_PACE, false);
  const work = { network: TRELLIS, preset: "standard" };
  assert.equal(plan.first(work), USUAL_PACE.firstPoll);
  plan.noteCrowd(500);
  assert.ok(plan.first(work) >= 250);
  plan.noteCrowd(1);
  assert.equal(plan.first(work), USUAL_PACE.firstPoll);
});
