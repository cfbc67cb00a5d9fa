import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, within } from "../../server/services/backups/failure.ts";

const CONTEXT = { en: "It could not be tried out.", ru: "Проверить не удалось." };

test("what another program says is a sentence of its own, beside which others can stand", () => {
  const { code, detail } = failureOf(new Error('relation "photos" does not exist'));
  assert.equal(code, "internal");
  assert.deepEqual(detail, {
    en: 'relation "photos" does not exist.',
    ru: 'relation "photos" does not exist.',
  });
  assert.equal(failureOf("What now?").detail.en, "What now?");
  assert.equal(failureOf(new Error("Ended.")).detail.en, "Ended.");
  assert.equal(within(failureOf(new Error("cut off")), CONTEXT).detail.en, `${CONTEXT.en} cut off.`);
  assert.equal(failureOf(new Error("x".repeat(5000))).detail.en.length, 1001);
});
