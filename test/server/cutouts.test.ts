import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Cutout } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, readPhoto } from "../support/client.ts";

describe("cut-outs", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const post = (bytes: Uint8Array, fields: Record<string, string> = {}) =>
    app.request("/api/v1/cutouts", { method: "POST", body: photoForm(bytes, fields) });

  it("shows the object without its background and keeps nothing", async () => {
    const response = await post(await readPhoto("sofa.jpg"));
    assert.equal(response.status, 200);
    const cutout = (await response.json()) as Cutout;
    assert.equal(cutout.mode, "object");
    const png = Buffer.from(cutout.image.replace("data:image/png;base64,", ""), "base64");
    const { width, height, hasAlpha } = await sharp(png).metadata();
    assert.deepEqual([width, height, hasAlpha], [cutout.width, cutout.height, true]);
    const { place } = cutout;
    assert.ok(place && place.width > 0.5 && place.x + place.width <= 1 && place.y + place.height <= 1);
    assert.equal(await app.context.records.Photo.count(), 0);
  });

  it("follows a box", async () => {
    const whole = (await (await post(await readPhoto("sofa.jpg"))).json()) as Cutout;
    const box = JSON.stringify({ x: 0.1, y: 0.2, width: 0.4, height: 0.6 });
    const boxed = (await (await post(await readPhoto("sofa.jpg"), { box })).json()) as Cutout;
    assert.equal(boxed.maskSource, "box");
    assert.notEqual(boxed.image, whole.image);
    assert.equal(boxed.place, null);
  });

  it("says when there is no object, and when the box is wrong", async () => {
    const blank = await post(await readPhoto("blank.png"));
    assert.equal(((await blank.json()) as { code: string }).code, "no-object-found");
    const wrong = await post(await readPhoto("sofa.jpg"), { box: '{"x":2}' });
    assert.equal(wrong.status, 400);
  });

  it("answers many at once one after the other, or says that it is too busy", async () => {
    const photo = await readPhoto("mug.jpg");
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await post(photo)).status));
    assert.ok(
      statuses.every((status) => status === 200 || status === 503),
      statuses.join(),
    );
    assert.ok(statuses.filter((status) => status === 200).length >= 8);
  });
});
