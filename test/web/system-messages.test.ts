import assert from "node:assert/strict";
import { test } from "node:test";
import { maintenanceEn } from "../../web/src/locales/maintenance-en.ts";
import { maintenanceRu } from "../../web/src/locales/maintenance-ru.ts";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { systemRu } from "../../web/src/locales/system-ru.ts";

type Forms = Record<string, string>;

/** Every message by its path, each as its forms; a message without plural forms has one. */
const messages = (tree: object, path = ""): [string, Forms][] =>
  Object.entries(tree).flatMap(([key, value]): [string, Forms][] => {
    const here = `${path}/${key}`;
    if (typeof value === "string") return [[here, { other: value }]];
    return "other" in value && "one" in value ? [[here, value as Forms]] : messages(value, here);
  });

const places = (forms: Forms) =>
  [
    ...new Set(
      Object.values(forms)
        .join(" ")
        .match(/\{\w+\}/g),
    ),
  ].sort();

for (const [name, en, ru] of [
  ["operations", systemEn, systemRu],
  ["the maintenance", maintenanceEn, maintenanceRu],
] as const) {
  test(`the texts of ${name} have the same places to fill in, in both languages`, () => {
    const russian = new Map(messages(ru));
    const english = messages(en);
    assert.ok(english.length > 0);
    assert.deepEqual([...russian.keys()].sort(), english.map(([path]) => path).sort());
    for (const [path, forms] of english) assert.deepEqual(places(russian.get(path)!), places(forms), path);
  });
}

test("a Russian message that says a number has all forms that numbers need", () => {
  const saysNumbers = messages(systemRu).filter(([, forms]) => Object.keys(forms).length > 1);
  assert.ok(saysNumbers.length > 10);
  for (const [path, forms] of saysNumbers) {
    if (forms.one !== forms.other) assert.ok(forms.few && forms.many, path);
  }
});
