import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD_MAX, PASSWORD_MIN } from "../../server/contract/account.ts";
import { accountsEn } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import * as fieldChecks from "../../web/src/pages/account/field-checks.ts";

/** Every text of a dictionary by its path. */
const texts = (tree: object, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[`${path}/${key}`, value]] : texts(value, `${path}/${key}`),
  );

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("the account pages have every message in both languages, with the same places to fill in", () => {
  const russian = new Map(texts(accountsRu));
  const english = texts(accountsEn);
  assert.deepEqual([...russian.keys()].sort(), english.map(([key]) => key).sort());
  for (const [key, text] of english)
    assert.deepEqual(placeholders(russian.get(key)!), placeholders(text), key);
});

test("the page asks for passwords of the length that the contract asks for", () => {
  assert.deepEqual([fieldChecks.PASSWORD_MIN, fieldChecks.PASSWORD_MAX], [PASSWORD_MIN, PASSWORD_MAX]);
});
