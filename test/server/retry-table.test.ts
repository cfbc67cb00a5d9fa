import assert from "node:assert/strict";
import { test } from "node:test";
import { classifySubmit } from "../../server/providers/genapi/classify-submit.ts";
import type { Exchange } from "../../server/providers/genapi/client.ts";
import { faultOf } from "../../server/providers/genapi/fault.ts";
import { type Fault, pauseSeconds, RETRY_TABLE, type RetryRule } from "../../server/providers/retry-table.ts";

const entries = <T extends object>(of: T) => Object.entries(of) as [keyof T, T[keyof T]][];

const page = (status: number): Exchange => ({
  kind: "answer",
  status,
  json: undefined,
  retryAfterSeconds: null,
});
const answer = (status: number): Exchange => ({ ...page(status), json: {} }) as Exchange;

test("a submit that may have been accepted is never sent again without a person", () => {
  const safe: Fault[] = ["internal", "unsent", "throttled"];
  for (const [fault, { again }] of entries(RETRY_TABLE.submit)) {
    assert.equal(again === "by-itself", safe.includes(fault), fault);
  }
});

test("nothing else ever waits for a person, and a read is repeated at least as much as a submit", () => {
  for (const call of ["poll", "download", "balance"] as const) {
    for (const [fault, rule] of entries(RETRY_TABLE[call])) {
      assert.notEqual(rule.again, "by-person", `${call} ${fault}`);
    }
  }
  const triesOf = ({ again, tries }: RetryRule) => (again === "by-itself" ? (tries ?? Infinity) : 1);
  for (const [fault, poll] of entries(RETRY_TABLE.poll)) {
    const submit = RETRY_TABLE.submit[fault];
    assert.ok(triesOf(poll) >= triesOf(submit), fault);
    if (submit.again === "by-itself") assert.ok(poll.base <= submit.base, fault);
  }
});

test("an outage has signs of its own: a word of the provider, and the file host's, are none", () => {
  const signs: Fault[] = ["unsent", "no-answer", "server-error", "garbled"];
  for (const call of ["submit", "poll", "balance"] as const) {
    for (const [fault, { countsAsDown }] of entries(RETRY_TABLE[call])) {
      assert.equal(countsAsDown, signs.includes(fault), `${call} ${fault}`);
    }
  }
  for (const { countsAsDown } of Object.values(RETRY_TABLE.download)) assert.equal(countsAsDown, false);
});

test("every end of an exchange has its fault", () => {
  const expected: [Exchange, Fault | null][] = [
    [{ kind: "unsent", reason: "x" }, "unsent"],
    [{ kind: "broken", reason: "x" }, "no-answer"],
    [answer(200), null],
    [answer(201), null],
    [page(200), "garbled"],
    [answer(301), "refused"],
    [answer(302), "unexplained"],
    [answer(401), "refused"],
    [answer(402), "refused"],
    [answer(404), "not-found"],
    [answer(409), "unexplained"],
    [answer(419), "throttled"],
    [answer(422), "refused"],
    [answer(429), "throttled"],
    [answer(500), "server-error"],
    [page(502), "server-error"],
    [answer(503), "server-error"],
  ];
  for (const [exchange, fault] of expected) {
    assert.equal(faultOf(exchange), fault, JSON.stringify(exchange));
  }
});

test("the table decides what a submit's end means", () => {
  const kinds = { "by-itself": ["unsent", "back-off"], "by-person": ["unknown"], never: ["refused"] };
  for (let status = 200; status < 600; status++) {
    for (const json of [{ request_id: 7 }, undefined]) {
      const exchange = { ...answer(status), json } as Exchange;
      const fault = faultOf(exchange);
      const { kind } = classifySubmit(exchange, []);
      const allowed = fault ? kinds[RETRY_TABLE.submit[fault].again] : ["accepted"];
      assert.ok(allowed.includes(kind), `${status} ${typeof json}: ${kind}`);
    }
  }
});

test("pauses are uniform up to the doubled, capped base, and never less than the provider asks for", () => {
  const rule = { base: 5, cap: 60 };
  const longest = [1, 2, 3, 4, 5, 6, 50].map((tried) => pauseSeconds(rule, { tried }, () => 1));
  assert.deepEqual(longest, [5, 10, 20, 40, 60, 60, 60]);
  assert.equal(
    pauseSeconds(rule, { tried: 3 }, () => 0),
    0,
  );
  assert.equal(
    pauseSeconds(rule, { tried: 3 }, () => 0.25),
    5,
  );
  assert.equal(
    pauseSeconds(rule, { tried: 1, retryAfterSeconds: 90 }, () => 1),
    90,
  );
  assert.equal(
    pauseSeconds(rule, { tried: 3, retryAfterSeconds: 7 }, () => 0.5),
    10,
  );
  const drawn = Array.from({ length: 200 }, () => pauseSeconds(rule, { tried: 2 }));
  assert.ok(drawn.every((seconds) => seconds >= 0 && seconds <= 10));
  assert.ok(new Set(drawn).size > 150, "they are spread");
});
