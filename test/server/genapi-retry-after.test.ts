import assert from "node:assert/strict";
import { it } from "node:test";
import { parseRetryAfter } from "../../server/providers/genapi/retry-after.ts";

/** The provider's clock, far from this machine's. */
const NOW = "Tue, 01 Jan 2030 00:00:00 GMT";

for (const [text, seconds] of [
  ["0", 0],
  ["7", 7],
  ["999999", 3600],
  ["Tue, 01 Jan 2030 00:00:30 GMT", 30],
  ["Mon, 31 Dec 2029 23:00:00 GMT", 0],
  ["soon", null],
  ["", null],
  [undefined, null],
] as const) {
  it(`Retry-After ${JSON.stringify(text)} → ${seconds}`, () => {
    assert.equal(parseRetryAfter(text, NOW), seconds);
  });
}

it("goes by this machine's clock where the answer has no date", () => {
  const seconds = parseRetryAfter(new Date(Date.now() + 600_000).toUTCString());
  assert.ok(seconds !== null && seconds > 500 && seconds <= 600, String(seconds));
});
