import assert from "node:assert/strict";
import { it } from "node:test";
import { parseRetryAfter } from "../../server/providers/genapi/retry-after.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");

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
