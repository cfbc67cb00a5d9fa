import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "../../server/contract/audit.ts";
import { AUDIT_ACTIONS } from "../../server/contract/audit-actions.ts";
import { PROCESS_NAMES } from "../../server/contract/system.ts";
import { createTranslator } from "../../web/src/i18n/messages.ts";
import { accountsEn } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import { adminEn } from "../../web/src/locales/admin-en.ts";
import { adminRu } from "../../web/src/locales/admin-ru.ts";
import { keysEn } from "../../web/src/locales/keys-en.ts";
import { keysRu } from "../../web/src/locales/keys-ru.ts";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { systemRu } from "../../web/src/locales/system-ru.ts";
import { teamEn } from "../../web/src/locales/team-en.ts";
import { teamRu } from "../../web/src/locales/team-ru.ts";
import { deedWords } from "../../web/src/pages/admin/deed-words.ts";

/** Every text of a dictionary by its path. */
const texts = (tree: object, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[`${path}/${key}`, value]] : texts(value, `${path}/${key}`),
  );

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

for (const [name, en, ru] of [
  ["keys", keysEn, keysRu],
  ["administrators", adminEn, adminRu],
  ["the team", teamEn, teamRu],
] as const) {
  test(`the texts of ${name} have the same places to fill in, in both languages`, () => {
    const russian = new Map(texts(ru));
    const english = texts(en);
    assert.deepEqual([...russian.keys()].sort(), english.map(([key]) => key).sort());
    for (const [key, text] of english)
      assert.deepEqual(placeholders(russian.get(key)!), placeholders(text), key);
  });
}

const entry = (action: string, details: AuditEntry["details"] = {}): AuditEntry => ({
  id: "00000000-0000-7000-8000-000000000001",
  action,
  subjectId: "00000000-0000-7000-8000-00000000000a",
  details,
  actor: null,
  address: null,
  userAgent: null,
  requestId: null,
  createdAt: "2026-11-21T10:00:00.000Z",
});

const NAMES = new Map([["00000000-0000-7000-8000-00000000000a", "Ada"]]);
const LANGUAGES = {
  en: {
    d: createTranslator<typeof adminEn>("en", adminEn),
    a: createTranslator<typeof accountsEn>("en", accountsEn),
    names: NAMES,
  },
  ru: {
    d: createTranslator<typeof adminEn>("ru", adminRu),
    a: createTranslator<typeof accountsEn>("ru", accountsRu),
    names: NAMES,
  },
};

test("every deed of the log is said in words, in both languages", () => {
  for (const action of AUDIT_ACTIONS) {
    for (const language of Object.values(LANGUAGES)) {
      const words = deedWords(entry(action), language);
      assert.notEqual(words, action);
      assert.doesNotMatch(words, /[{}]|undefined/, action);
    }
  }
});

test("what was changed about a person is said; a deed of a newer server is named as it is", () => {
  const changed = entry("user.changed", { role: "user", roleBefore: "viewer" });
  assert.equal(deedWords(changed, LANGUAGES.en), "Ada: role Viewer → Member");
  assert.equal(deedWords(changed, LANGUAGES.ru), "Ada: роль Зритель → Участник");
  assert.equal(deedWords(entry("user.changed", { disabled: true }), LANGUAGES.en), "Ada: account turned off");
  assert.equal(deedWords(entry("moon.landed"), LANGUAGES.en), "moon.landed");
});

test("what was switched is called as on the page of operations", () => {
  for (const [language, names] of [
    ["en", systemEn.processes.names],
    ["ru", systemRu.processes.names],
  ] as const) {
    for (const name of PROCESS_NAMES) {
      const words = deedWords(entry("system.process-stopped", { process: name }), LANGUAGES[language]);
      assert.ok(words.endsWith(`: ${names[name]}`), words);
    }
  }
  assert.match(
    deedWords(entry("system.process-started", { process: "newer" }), LANGUAGES.en),
    /: newer$/,
    "one of a newer server",
  );
});
