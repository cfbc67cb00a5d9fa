import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Box, boxCentre, boxRadius, type Vec3 } from "../../web/src/viewer/box.ts";
import { fitPose } from "../../web/src/viewer/camera-fit.ts";
import { createCameraLink, framed, fromShared, toShared } from "../../web/src/viewer/camera-link.ts";
import { facesEye, fromShares, newHotspot, toShares } from "../../web/src/viewer/hotspot-place.ts";
import { keyCommand } from "../../web/src/viewer/key-commands.ts";
import { nextOptions } from "../../web/src/viewer/next-options.ts";
import { objectRect } from "../../web/src/viewer/object-rect.ts";
import { figureSize, personOutline, withFigure } from "../../web/src/viewer/scale-figure.ts";
import { pictureRatio } from "../../web/src/viewer/screenshot.ts";
import { cameraAxes, dot, subtract } from "../../web/src/viewer/vector.ts";
import { DEFAULT_OPTIONS } from "../../web/src/viewer/viewer-options.ts";
import {
  containRect,
  frontViewpoint,
  PHOTO_FIELD_OF_VIEW_DEGREES,
  poseOf,
  viewpointOf,
} from "../../web/src/viewer/viewpoint.ts";

const mug: Box = { min: [-0.06, 0, -0.04], max: [0.06, 0.1, 0.04] };
const near = (actual: readonly number[], expected: readonly number[], tolerance = 1e-6) =>
  actual.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= tolerance, `${actual} is not ${expected}`);
  });

describe("the photo's viewpoint", () => {
  const photo = { width: 1200, height: 900 };
  const stage = { width: 500, height: 700 };
  const rect = containRect(photo, stage);
  const object = { x: 0.25, y: 0.2, width: 0.5, height: 0.556 };

  /** Where a point is seen, in pixels of the stage. */
  function seen(point: Vec3, pose: ReturnType<typeof poseOf>) {
    const { right, up, back } = cameraAxes(subtract(pose.position, pose.target));
    const offset = subtract(point, pose.position);
    const focal = stage.height / (2 * Math.tan((PHOTO_FIELD_OF_VIEW_DEGREES * Math.PI) / 360));
    const depth = -dot(offset, back);
    return [
      stage.width / 2 + (dot(offset, right) / depth) * focal,
      stage.height / 2 - (dot(offset, up) / depth) * focal,
    ];
  }

  it("holds the whole photo in the middle of the stage", () => {
    assert.deepEqual(rect, { x: 0, y: 162.5, width: 500, height: 375 });
  });

  it("puts the model's edges where the object's edges are in the photo", () => {
    const pose = poseOf(frontViewpoint(object, photo, mug), mug, rect, stage);
    const middle = boxCentre(mug);
    const [left] = seen([mug.min[0], middle[1], middle[2]], pose);
    const [right] = seen([mug.max[0], middle[1], middle[2]], pose);
    const [, top] = seen([middle[0], mug.max[1], middle[2]], pose);
    near([left, right], [rect.x + 0.25 * rect.width, rect.x + 0.75 * rect.width], 0.5);
    near([top], [rect.y + 0.2 * rect.height], 1);
  });

  it("comes back from the camera as it went in, from any side", () => {
    for (const direction of [
      [0, 0, 1],
      [0.6, 0.3, 0.7],
      [-1, 0.2, 0],
    ] as const) {
      const given = {
        direction: [...direction] as [number, number, number],
        centre: [0.4, 0.6] as [number, number],
        height: 0.7,
      };
      const back = viewpointOf(poseOf(given, mug, rect, stage), mug, rect, stage);
      near(back.centre, given.centre);
      near([back.height], [given.height]);
      const length = Math.hypot(...direction);
      near(
        back.direction,
        direction.map((value) => value / length),
      );
    }
  });
});

describe("finding the object of a photo", () => {
  /** A picture of one colour with a block of another one in it. */
  function picture(ground: number[], block: number[]) {
    const [width, height] = [40, 20];
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        data.set(x >= 10 && x < 30 && y >= 5 && y < 15 ? block : ground, (y * width + x) * 4);
    return { data, width, height };
  }
  const place = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

  it("takes what is opaque, or what differs from the border", () => {
    assert.deepEqual(objectRect(picture([200, 200, 200, 0], [200, 200, 200, 255])), place);
    assert.deepEqual(objectRect(picture([230, 230, 230, 255], [60, 90, 160, 255])), place);
  });

  it("takes the whole photo where nothing stands out", () => {
    assert.deepEqual(objectRect(picture([9, 9, 9, 255], [9, 9, 9, 255])), {
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    });
  });
});

describe("notes", () => {
  it("stay at their place when the model gets another size", () => {
    const point: Vec3 = [0.03, 0.1, -0.02];
    const twice: Box = { min: [-0.12, 0, -0.08], max: [0.12, 0.2, 0.08] };
    near(fromShares(twice, toShares(mug, point)), [0.06, 0.2, -0.04]);
    near(toShares({ min: [0, 0, 0], max: [1, 0, 1] }, [1, 0, 0.5]), [1, 0.5, 0.5]);
  });

  it("get an id of their own", () => {
    const first = newHotspot([], mug, [0, 0.1, 0], [0, 1, 0]);
    const third = newHotspot([{ ...first, id: "n2" }], mug, [0, 0.1, 0], [0, 1, 0]);
    assert.deepEqual([first.id, third.id], ["n1", "n3"]);
  });

  it("are seen from their side only", () => {
    assert.equal(facesEye([0, 0, 0.04], [0, 0, 1], [0, 0, 1]), true);
    assert.equal(facesEye([0, 0, 0.04], [0, 0, 1], [0, 0, -1]), false);
  });
});

describe("two views that move together", () => {
  const sofa: Box = { min: [-1, 0, -0.5], max: [1, 0.9, 0.5] };

  it("show both models equally large, or at one scale", () => {
    const pose = fitPose(mug, [0.5, 0.3, 1], 1);
    for (const sameScale of [true, false]) {
      const other = fromShared(toShared(pose, mug, sameScale), sofa, sameScale);
      const distance = (p: typeof pose) => Math.hypot(...subtract(p.position, p.target));
      const factor = sameScale ? 1 : boxRadius(sofa) / boxRadius(mug);
      near([distance(other)], [distance(pose) * factor], 1e-9);
    }
  });

  it("tell all others and not themselves", () => {
    const link = createCameraLink(true);
    const heard: string[] = [];
    const [a, b] = [Symbol("a"), Symbol("b")];
    const listener = (name: string) => ({
      onView: () => heard.push(`${name} sees`),
      onTouch: () => heard.push(`${name} stops`),
    });
    link.subscribe(a, listener("a"));
    const leave = link.subscribe(b, listener("b"));
    link.publish(a, { position: [0, 0, 1], target: [0, 0, 0] });
    link.touch(a);
    leave();
    link.publish(a, { position: [0, 0, 1], target: [0, 0, 0] });
    link.touch(a);
    assert.deepEqual(heard, ["b sees", "b stops"]);
  });

  it("turn by themselves no faster together than alone", () => {
    const link = createCameraLink(true);
    const [a, b] = [Symbol("a"), Symbol("b")];
    const leaders = () => [a, b].filter(link.leads);
    assert.deepEqual(leaders(), []);
    const stop = link.turn(a);
    link.turn(b);
    assert.deepEqual(leaders(), [a], "one leads, the other follows");
    stop();
    assert.deepEqual(leaders(), [b], "and goes on when the first stops");
  });

  it("have room for the larger one in both", () => {
    const box = framed(mug, [2, 0.9, 1]);
    near([...box.min, ...box.max], [-1, 0, -0.5, 1, 0.9, 0.5]);
    assert.equal(framed(mug, undefined), mug);
  });
});

describe("figures for scale", () => {
  it("are as tall as they say and stand beside the model", () => {
    const outline = personOutline(1.75);
    const heights = outline.map(([, y]) => y);
    assert.deepEqual([Math.min(...heights), Math.max(...heights)], [0, 1.75]);
    const widest = Math.max(...outline.map(([x]) => x));
    near([widest * 2], [figureSize("person", 1.75).width], 1e-3);
    const both = withFigure(mug, "door", 1.75);
    assert.ok(both.max[1] > 2 && both.max[1] < 2.5);
    assert.ok(both.max[0] > mug.max[0] + 0.9);
    assert.equal(withFigure(mug, "none", 1.75), mug);
  });
});

describe("options", () => {
  it("are taken back by the same key", () => {
    const press = (code: string, options: typeof DEFAULT_OPTIONS) => {
      const command = keyCommand({ key: "", code, shiftKey: false, modified: false })!;
      return { ...options, ...nextOptions(options, command) };
    };
    for (const [code, name, value] of [
      ["KeyC", "shading", "clay"],
      ["KeyH", "figure", "person"],
      ["KeyP", "photo", "slider"],
      ["KeyT", "notes", true],
    ] as const) {
      const on = press(code, DEFAULT_OPTIONS);
      assert.equal(on[name], value);
      assert.deepEqual(press(code, on), DEFAULT_OPTIONS);
    }
  });

  it("keep the exposure between its ends", () => {
    const up = { type: "exposure", steps: 1 } as const;
    assert.deepEqual(nextOptions({ ...DEFAULT_OPTIONS, exposure: 2 }, up), { exposure: 2 });
    assert.deepEqual(nextOptions(DEFAULT_OPTIONS, up), { exposure: 0.25 });
    assert.equal(nextOptions(DEFAULT_OPTIONS, { type: "screenshot" }), null);
  });

  it("make pictures of the promised size", () => {
    assert.equal(pictureRatio("once", 800, 600), 1);
    assert.equal(pictureRatio("twice", 800, 600), 2);
    assert.equal(pictureRatio("4k", 800, 600) * 800, 3840);
  });
});
