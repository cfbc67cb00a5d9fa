import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toApiError } from "../../web/src/api/api-error.ts";
import { createQueryClient } from "../../web/src/api/query-client.ts";
import { describeError } from "../../web/src/components/describe-error.ts";
import type { Translate } from "../../web/src/i18n/use-i18n.ts";

const answer = (status: number, code: string, retryAfter: string | null) =>
  toApiError(
    status,
    JSON.stringify({
      code,
      detail: "Why.",
      retryable: true,
      suggestion: "Wait as long as Retry-After says.",
    }),
    (name) => (name === "Retry-After" ? retryAfter : null),
  );
const t: Translate = (key, values) => `${key} ${values?.count ?? ""}`.trim();

describe("an answer that too many requests came", () => {
  it("is told with the time to wait, not with the name of a header", () => {
    const { title, hint } = describeError(answer(429, "rate-limited", "22"), t);
    assert.deepEqual({ title, hint }, { title: "Why.", hint: "errors.waitSeconds 22" });
    assert.equal(describeError(answer(429, "rate-limited", "1801"), t).hint, "errors.waitMinutes 31");
  });

  it("keeps the server's advice where no time is named", () => {
    assert.equal(
      describeError(answer(429, "rate-limited", null), t).hint,
      "Wait as long as Retry-After says.",
    );
  });

  it("is not asked for again at once, unlike a server that is away for a moment", () => {
    const { retry } = createQueryClient().getDefaultOptions().queries ?? {};
    assert.ok(typeof retry === "function");
    assert.equal(retry(0, answer(429, "rate-limited", "22")), false);
    assert.equal(retry(0, answer(503, "overloaded", "1")), true);
  });
});
