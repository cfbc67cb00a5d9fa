import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as contract from "../../server/contract/common.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { viewerRu } from "../../web/src/locales/viewer-ru.ts";
import { expectedBytes, readWithProgress } from "../../web/src/viewer/download-progress.ts";
import { fileName } from "../../web/src/viewer/file-name.ts";
import { keyCommand } from "../../web/src/viewer/key-commands.ts";
import {
  formatLength,
  formatSize,
  METRES_PER_UNIT,
  naturalUnit,
  toUnit,
} from "../../web/src/viewer/length-format.ts";
import { VIEWER_ERRORS } from "../../web/src/viewer/viewer-error.ts";

describe("lengths", () => {
  it("use the contract's units", () => {
    assert.deepEqual(METRES_PER_UNIT, contract.METRES_PER_UNIT);
  });

  it("are rounded to what a person would measure", () => {
    assert.equal(toUnit(1.23456, "cm"), 123);
    assert.equal(toUnit(0.123456, "cm"), 12.3);
    assert.equal(toUnit(0.0123456, "cm"), 1.23);
    assert.equal(toUnit(0.0254, "in"), 1);
  });

  it("are written as the language writes them", () => {
    assert.equal(formatLength(0.425, "cm", "en"), "42.5 cm");
    assert.equal(formatLength(0.425, "cm", "ru").replace(/\s/g, " "), "42,5 см");
    assert.equal(formatLength(2, "m", "en"), "2 m");
  });

  it("name the unit once in a size", () => {
    assert.equal(formatSize([2, 0.905, 0.85], "cm", "en"), "200 × 90.5 × 85 cm");
  });

  it("take the unit in which such a thing is spoken of", () => {
    assert.deepEqual([0.01, 0.4, 2.1, 5].map(naturalUnit), ["mm", "cm", "cm", "m"]);
  });
});

describe("file names", () => {
  it("keep letters of any script and nothing that a file system minds", () => {
    assert.equal(fileName("Диван «Уют» / 2", "", "png"), "Диван-Уют-2.png");
    assert.equal(fileName("../../etc/passwd", "", "png"), "etc-passwd.png");
    assert.equal(fileName("★", "", "png"), "model.png");
    assert.ok(fileName("x".repeat(500), "", "png").length <= 84);
  });
});

describe("keys", () => {
  const press = (key: string, extra: Partial<Parameters<typeof keyCommand>[0]> = {}) =>
    keyCommand({ key, shiftKey: false, modified: false, ...extra });

  it("turn with arrows and move with shift", () => {
    assert.deepEqual(press("ArrowLeft"), { type: "rotate", x: -1, y: 0 });
    assert.deepEqual(press("ArrowUp", { shiftKey: true }), { type: "pan", x: 0, y: 1 });
  });

  it("work on a Russian keyboard", () => {
    assert.deepEqual(press("а", { code: "KeyF" }), { type: "view", view: "home" });
    assert.deepEqual(press("к", { code: "KeyR" }), { type: "toggle", what: "rotation" });
  });

  it("leave the browser's own keys alone", () => {
    assert.equal(press("Tab", { code: "Tab" }), null);
    assert.equal(press("r", { code: "KeyR", modified: true }), null);
    assert.equal(press("Escape", { code: "Escape" }), null);
  });
});

describe("download progress", () => {
  it("trusts Content-Length only where nothing is encoded", () => {
    assert.equal(expectedBytes(new Headers({ "content-length": "10" }), 5), 10);
    assert.equal(expectedBytes(new Headers({ "content-length": "10", "content-encoding": "br" }), 50), 50);
    assert.equal(expectedBytes(new Headers(), undefined), null);
  });

  it("counts what came and returns all of it", async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array([1, 2, 3]));
        controller.enqueue(new Uint8Array([4]));
        controller.close();
      },
    });
    const seen: Array<number | null> = [];
    const data = await readWithProgress(new Response(body), 4, ({ fraction }) => seen.push(fraction));
    assert.deepEqual([...new Uint8Array(data)], [1, 2, 3, 4]);
    assert.deepEqual(seen, [0.75, 1]);
  });

  it("never claims more than the whole", async () => {
    const seen: Array<number | null> = [];
    await readWithProgress(new Response("12345"), 2, ({ fraction }) => seen.push(fraction));
    assert.deepEqual(seen, [1]);
  });
});

describe("texts", () => {
  const leaves = (value: unknown, path = ""): Array<[string, string]> =>
    typeof value === "string"
      ? [[path, value]]
      : Object.entries(value as object).flatMap(([key, part]) => leaves(part, `${path}.${key}`));

  it("exist in both languages with the same placeholders", () => {
    const russian = new Map(leaves(viewerRu));
    const english = leaves(viewerEn);
    assert.deepEqual([...russian.keys()].sort(), english.map(([path]) => path).sort());
    for (const [path, text] of english) {
      const placeholders = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();
      assert.deepEqual(placeholders(russian.get(path)!), placeholders(text), path);
    }
  });

  it("say what happened for every error of the viewer", () => {
    for (const code of VIEWER_ERRORS) {
      assert.ok(viewerEn.viewer.errors[code].title && viewerRu.viewer.errors[code].text, code);
    }
  });
});
