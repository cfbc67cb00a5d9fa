import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import type { PrintRepairSteps } from "../../server/contract/print.ts";
import { boundOf, choiceOf } from "../../web/src/components/model/byte-budget.ts";
import { stepLines } from "../../web/src/components/model/print-words.ts";
import { shownSize } from "../../web/src/components/model/shown-size.ts";
import { createTranslator } from "../../web/src/i18n/messages.ts";
import { printEn } from "../../web/src/locales/print-en.ts";
import { printRu } from "../../web/src/locales/print-ru.ts";

const NOTHING: PrintRepairSteps = {
  holesClosed: 0,
  largestHoleMillimetres: null,
  cornersJoined: 0,
  facesTurned: 0,
  duplicatesRemoved: 0,
  sheetsThickened: 0,
  specksDropped: 0,
  shellsJoined: 1,
  cutMillimetres: 0,
  gridMillimetres: null,
  volumeCubicCentimetres: 1000,
  sizeMillimetres: [100, 100, 485],
};

describe("words of the model's page", () => {
  it("say how much was cut off below, and the height before and after", () => {
    const lines = (cut: number, language: "en" | "ru") =>
      stepLines(
        { ...NOTHING, cutMillimetres: cut },
        createTranslator<typeof printEn>(language, language === "en" ? printEn : printRu),
        language,
      );
    assert.deepEqual(lines(15, "en"), [
      "15 mm cut off below so that it stands: 500 mm high before, 485 mm now",
    ]);
    assert.match(lines(15, "ru")[0], /15\sмм.*500\sмм.*485\sмм/);
    assert.deepEqual(lines(0, "en"), [printEn.steps.nothing]);
  });

  it("mark a size that nobody measured", () => {
    const dimensions = { length: 28.4, width: 25.7, height: 50, unit: "cm" };
    const size = (localReport: object | null) => shownSize({ dimensions, localReport } as Model, "en");
    assert.equal(size({ scaleAssumed: true }), "≈ 28.4 × 25.7 × 50 cm");
    assert.equal(size({ scaleAssumed: false }), "28.4 × 25.7 × 50 cm");
    assert.equal(size(null), "28.4 × 25.7 × 50 cm");
  });

  it("take a bound of bytes as people type it, and refuse what the server would", () => {
    assert.equal(boundOf("none", ""), null);
    assert.equal(boundOf("2000000", ""), 2_000_000);
    assert.equal(boundOf("own", "1,5"), 1_500_000);
    for (const text of ["", "0.01", "201", "two"]) assert.equal(boundOf("own", text), undefined, text);
    assert.deepEqual([null, 5_000_000, 300_000].map(choiceOf), ["none", "5000000", "own"]);
  });
});
