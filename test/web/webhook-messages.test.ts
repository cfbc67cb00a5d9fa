import assert from "node:assert/strict";
import { test } from "node:test";
import { webhooksEn } from "../../web/src/locales/webhooks-en.ts";
import { webhooksRu } from "../../web/src/locales/webhooks-ru.ts";

/** Every text of a dictionary by its path; of a plural message the form `other` stands for all. */
function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    if (typeof value === "string") return [[`${path}/${key}`, value]];
    const isPlural = "one" in value && "other" in value;
    return isPlural ? [[`${path}/${key}`, value.other]] : texts(value, `${path}/${key}`);
  });
}

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("the webhook pages have every message in both languages, with the same places to fill in", () => {
  const russian = new Map(texts(webhooksRu));
  const english = texts(webhooksEn);
  assert.deepEqual([...russian.keys()].sort(), english.map(([key]) => key).sort());
  for (const [key, text] of english)
    assert.deepEqual(placeholders(russian.get(key)!), placeholders(text), key);
});

test("a Russian number of webhooks or attempts has all its forms", () => {
  for (const message of [webhooksRu.count, webhooksRu.deliveries.attempts]) {
    assert.deepEqual(Object.keys(message), ["one", "few", "many", "other"]);
  }
});
