import assert from "node:assert/strict";
import { test } from "node:test";
import { boxBetween, moveBox, oppositeCorner, resizeBox } from "../../web/src/pages/create/box-geometry.ts";
import { isMeasurementValid, parseMeasure, toDimensions } from "../../web/src/pages/create/measurement.ts";
import { looksLikePicture, nameFromFile } from "../../web/src/pages/create/photo-file.ts";
import { outputType, scaledSize } from "../../web/src/pages/create/photo-size.ts";
import { randomId } from "../../web/src/pages/create/random-id.ts";

test("only photos with a longer side above the limit are scaled, and keep their proportions", () => {
  assert.equal(scaledSize({ width: 2048, height: 1536 }), null);
  assert.deepEqual(scaledSize({ width: 4000, height: 3000 }), { width: 2048, height: 1536 });
  assert.deepEqual(scaledSize({ width: 3000, height: 4000 }), { width: 1536, height: 2048 });
  assert.deepEqual(scaledSize({ width: 20_000, height: 2 }), { width: 2048, height: 1 });
});

test("a photo that may be transparent stays so", () => {
  assert.equal(outputType("image/jpeg"), "image/jpeg");
  assert.equal(outputType("image/png"), "image/webp");
});

test("pictures are told by type, and by name where the system gives none", () => {
  const file = (name: string, type: string) => new File(["x"], name, { type });
  assert.equal(looksLikePicture(file("a.jpg", "image/jpeg")), true);
  assert.equal(looksLikePicture(file("IMG_1.HEIC", "")), true);
  assert.equal(looksLikePicture(file("drawing.svg", "image/svg+xml")), false);
  assert.equal(looksLikePicture(file("notes.txt", "text/plain")), false);
  assert.equal(nameFromFile("my_red_sofa.front.jpg"), "my red sofa.front");
});

test("measurements are read as people write them", () => {
  assert.equal(parseMeasure(" 12,5 "), 12.5);
  assert.equal(parseMeasure("90"), 90);
  for (const wrong of ["0", "-4", "1e9", "12.5.1", "abc", "2000000"])
    assert.equal(parseMeasure(wrong), null, wrong);
  assert.equal(isMeasurementValid({ text: "", extent: "height", unit: "cm" }), true);
  assert.deepEqual(toDimensions({ text: "90,5", extent: "width", unit: "mm" }), { width: 90.5, unit: "mm" });
  assert.equal(toDimensions({ text: "", extent: "width", unit: "mm" }), null);
});

test("a box stays inside the photo whatever is done with it", () => {
  assert.deepEqual(boxBetween({ x: 0.75, y: 0.5 }, { x: 0.25, y: 1.5 }), {
    x: 0.25,
    y: 0.5,
    width: 0.5,
    height: 0.5,
  });
  const dot = boxBetween({ x: 1, y: 1 }, { x: 1, y: 1 });
  assert.ok(dot.width >= 0.0199 && dot.x + dot.width <= 1.0001);
  const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
  assert.deepEqual(moveBox(box, 1, -1), { ...box, x: 0.5, y: 0 });
  assert.deepEqual(resizeBox(box, 1, -1), { ...box, width: 0.75, height: 0.02 });
  assert.deepEqual(oppositeCorner(box, "nw"), { x: 0.75, y: 0.75 });
  assert.deepEqual(oppositeCorner(box, "se"), { x: 0.25, y: 0.25 });
});

test("keys are UUIDs also without a secure context", (context) => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  context.after(() => Reflect.deleteProperty(crypto, "randomUUID"));
  assert.match(randomId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(randomId(), randomId());
});
