import assert from "node:assert/strict";
import { test } from "node:test";
import { moneyEn } from "../../web/src/locales/money-en.ts";
import { moneyRu } from "../../web/src/locales/money-ru.ts";

/** All texts with their paths; of a plural message its general form. */
function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    if (typeof value === "string") return [[`${path}${key}`, value]];
    return "other" in value ? [[`${path}${key}`, value.other]] : texts(value, `${path}${key}.`);
  });
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test("the texts about money have the same places to fill in, in both languages", () => {
  const russian = new Map(texts(moneyRu));
  const english = texts(moneyEn);
  assert.deepEqual([...russian.keys()].sort(), english.map(([key]) => key).sort());
  for (const [key, text] of english)
    assert.deepEqual(placeholders(russian.get(key)!), placeholders(text), key);
});

test("Russian numbers of models have all their forms", () => {
  for (const message of [moneyRu.total, moneyRu.leftModels, moneyRu.notForAllHint])
    assert.deepEqual(Object.keys(message), ["one", "few", "many", "other"]);
});
