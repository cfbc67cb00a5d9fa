import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../web/src/i18n/messages.ts";
import { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";

const SAMPLE = { photos: { one: "{count} photo", other: "{count} photos" }, hello: "Hello, {name}" } as const;

/** Every text of a dictionary by its dotted path. */
function texts(tree: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === "string") found.set(here, value);
    else for (const [inner, text] of texts(value, here)) found.set(inner, text);
  }
  return found;
}

/** The paths of plural messages: groups with the forms `one` and `other`. */
function pluralPaths(all: Map<string, string>): string[] {
  const stems = [...all.keys()].filter((key) => key.endsWith(".other")).map((key) => key.slice(0, -6));
  return stems.filter((stem) => all.has(`${stem}.one`));
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("a message is filled in and numbers are written as the language does", () => {
  const t = createTranslator<typeof SAMPLE>("en", SAMPLE);
  assert.equal(t("hello", { name: "Ann" }), "Hello, Ann");
  assert.equal(t("hello"), "Hello, {name}");
  assert.equal(t("photos", { count: 1 }), "1 photo");
  assert.equal(t("photos", { count: 12_000 }), "12,000 photos");
});

test("Russian numbers take their own forms", () => {
  const t = createTranslator<typeof en>("ru", ru);
  const words = [1, 2, 5, 11, 21, 104].map((count) => t("create.photos", { count }).replace(/^\d+\s/, ""));
  assert.deepEqual(words, [
    "фотография",
    "фотографии",
    "фотографий",
    "фотографий",
    "фотография",
    "фотографии",
  ]);
});

test("both languages have every message, and the same places to fill in", () => {
  const [english, russian] = [texts(en), texts(ru)];
  const plurals = pluralPaths(english);
  const isPlural = (key: string) => plurals.some((stem) => key.startsWith(`${stem}.`));
  const single = (all: Map<string, string>) => [...all.keys()].filter((key) => !isPlural(key)).sort();
  assert.deepEqual(single(russian), single(english));
  for (const key of single(english)) {
    assert.deepEqual(placeholders(russian.get(key)!), placeholders(english.get(key)!), key);
  }
  assert.ok(plurals.length > 5);
});

test("a Russian message with three forms has all of them where the number is said", () => {
  const russian = texts(ru);
  for (const stem of pluralPaths(russian)) {
    const differs = russian.get(`${stem}.one`) !== russian.get(`${stem}.other`);
    const saysNumberAndWord = /^\S*\{count\} |\s\{count\} /.test(russian.get(`${stem}.other`)!);
    if (!differs || !saysNumberAndWord) continue;
    assert.ok(russian.has(`${stem}.few`) && russian.has(`${stem}.many`), stem);
  }
});
