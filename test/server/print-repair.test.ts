import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STLLoader } from "three/examples/jsm/loaders/STLLoader.js";
import { writeStl } from "../../server/assets/export/stl.ts";
import { checkForPrint } from "../../server/assets/print/check.ts";
import { loadManifold, SolidScope } from "../../server/assets/print/repair/manifold-library.ts";
import { remesh } from "../../server/assets/print/repair/remesh.ts";
import { repairMesh } from "../../server/assets/print/repair/repair.ts";
import { toSolidMesh } from "../../server/assets/print/repair/solid-mesh.ts";
import { weldSurface } from "../../server/assets/surface/weld.ts";
import { boundingBox, type WorldPart } from "../../server/assets/world-mesh.ts";
import type { PrintRepairSteps } from "../../server/contract/print.ts";
import { moved, pipe, shattered, sheet, turned, without } from "../support/exports/faulty-meshes.ts";
import { readStl } from "../support/exports/read-stl.ts";
import { ball, box, type Geometry, GlbBuilder } from "../support/make-glb.ts";

/** Geometries in metres, Y up, as parts of a scene. */
function partsOf(geometries: Geometry[]): WorldPart[] {
  const builder = new GlbBuilder();
  return geometries.map((geometry) => ({
    positions: Float32Array.from(geometry.positions),
    normals: null,
    primitive: builder.primitive(geometry),
    indices: Uint32Array.from(geometry.indices),
    material: null,
  }));
}

function solidOf(geometries: Geometry[]) {
  const parts = partsOf(geometries);
  const bounds = boundingBox(parts);
  return toSolidMesh(weldSurface(parts, bounds), bounds, null);
}

/** The repaired model as STL, read back by two readers. */
async function repair(...geometries: Geometry[]) {
  const { mesh, steps } = await repairMesh(solidOf(geometries));
  const [part] = partsOf([{ positions: [], indices: [] }]);
  const metres = new Float32Array(mesh.positions.length);
  for (let at = 0; at < metres.length; at += 3) {
    metres.set(
      [mesh.positions[at], mesh.positions[at + 2], -mesh.positions[at + 1]].map((v) => v / 1000),
      at,
    );
  }
  const repaired: WorldPart = { ...part, positions: metres, indices: mesh.triangles };
  const file = Buffer.from(writeStl({ parts: [repaired], name: "repaired" }));
  const read = readStl(file);
  const loaded = new STLLoader().parse(
    file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer,
  );
  assert.equal(loaded.getAttribute("position").count, read.corners.length / 3, "three reads as many corners");
  loaded.computeBoundingBox();
  for (const axis of [0, 1, 2] as const) {
    assert.ok(Math.abs(loaded.boundingBox!.max.toArray()[axis] - read.high[axis]) < 1e-4);
  }
  const check = checkForPrint([repaired], boundingBox([repaired]));
  assert.equal(check.surface.watertight, read.isWatertight, "own verdict and reader agree");
  return { steps, ...read, check, cm3: read.volume / 1000 };
}

const near = (actual: number, expected: number, share: number, what: string) =>
  assert.ok(Math.abs(actual - expected) <= share * Math.abs(expected), `${what}: ${actual} for ${expected}`);

const cube = box([0.1, 0.1, 0.1]);
const round = ball(0.05, 24);
/** Of the polyhedron, cm³. */
const ROUND_CM3 = checkForPrint(partsOf([round]), boundingBox(partsOf([round]))).volumeCubicCentimetres!;

describe("repair for print", () => {
  const cases: [string, Geometry[], cm3: number, share: number, steps: Partial<PrintRepairSteps>][] = [
    [
      "a sound cube stays",
      [cube],
      1000,
      1e-5,
      { holesClosed: 0, cutMillimetres: 0, sizeMillimetres: [100, 100, 100] },
    ],
    [
      "an open bottom",
      [box([0.1, 0.1, 0.1], 5)],
      1000,
      1e-5,
      { holesClosed: 1, largestHoleMillimetres: 127.3 },
    ],
    ["both ends open", [without(cube, ([, y]) => Math.abs(y) > 0.04)], 1000, 1e-5, { holesClosed: 2 }],
    [
      "holes in a ball",
      [without(round, ([x, , z]) => x > 0.046 || z > 0.046)],
      ROUND_CM3,
      0.03,
      { holesClosed: 2 },
    ],
    ["every third face turned", [turned(round, 3)], ROUND_CM3, 0.01, { holesClosed: 0 }],
    ["inside out", [turned(round, 1)], ROUND_CM3, 0.01, { holesClosed: 0 }],
    [
      "faces twice",
      [{ ...round, indices: [...round.indices, ...round.indices.slice(0, 90)] }],
      ROUND_CM3,
      0.01,
      { duplicatesRemoved: 30 },
    ],
    [
      "a hollow ball stays hollow",
      [round, turned(ball(0.04, 24), 1)],
      ROUND_CM3 * (1 - 0.8 ** 3),
      0.01,
      { specksDropped: 0 },
    ],
    ["a ball in a ball is one", [round, ball(0.04, 24)], ROUND_CM3, 0.01, { shellsJoined: 2 }],
    [
      "overlapping cubes",
      [cube, moved(cube, [0.05, 0.03, 0.02])],
      2000 - 5 * 7 * 8,
      1e-4,
      { shellsJoined: 2 },
    ],
    ["cubes with a wall between", [cube, moved(cube, [0.1, 0, 0])], 2000, 1e-4, { sheetsThickened: 0 }],
    [
      "specks",
      [round, ...[1, 2, 3].map((at) => moved(ball(0.001, 6), [0.06, 0.01 * at, 0]))],
      ROUND_CM3,
      0.01,
      { specksDropped: 3 },
    ],
    ["a sheet", [sheet(0.1, false)], 10, 1e-4, { sheetsThickened: 1, sizeMillimetres: [100, 100, 1] }],
    ["a sheet of two sides", [sheet(0.1, true)], 10, 1e-4, { sheetsThickened: 1 }],
    [
      "a pipe open below",
      [pipe(0.03, 0.05, 0.1, 48)],
      24 * Math.sin(Math.PI / 24) * 160,
      1e-4,
      { holesClosed: 2 },
    ],
    ["cracks everywhere", [shattered(round, 1e-5)], ROUND_CM3, 0.01, { holesClosed: 0, sheetsThickened: 0 }],
  ];
  for (const [name, geometries, cm3, share, expected] of cases) {
    it(`${name}: closed, as large as it should be, standing on the ground`, async () => {
      const { steps, isWatertight, low, high, cm3: actual, check } = await repair(...geometries);
      assert.ok(isWatertight);
      near(actual, cm3, share, "volume");
      near(actual, steps.volumeCubicCentimetres, 1e-4, "the report's volume");
      assert.ok(Math.abs(low[2]) < 1e-4, "on the ground");
      for (const [axis, side] of steps.sizeMillimetres.entries())
        near(high[axis] - low[axis], side, 1e-4, "size");
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(steps[key as keyof PrintRepairSteps], value, key);
      }
      const blocking = check.reasons.filter(({ blocks }) => blocks);
      assert.deepEqual(blocking, [], "nothing keeps it from printing");
    });
  }

  it("cuts a ball's base flat and says by how much", async () => {
    const { steps, high } = await repair(round);
    assert.equal(steps.cutMillimetres, 2);
    near(high[2], 98, 1e-4, "height");
  });

  it("makes a new surface where the old one is past mending", async () => {
    const library = await loadManifold();
    using scope = new SolidScope();
    const { solid, cellMillimetres } = remesh(solidOf([shattered(round, 1e-4)]), library, scope)!;
    assert.equal(solid.status(), "NoError");
    near(solid.volume() / 1000, ROUND_CM3, 0.04, `volume on a grid of ${cellMillimetres} mm`);
  });

  it("refuses what has neither inside nor sheet, in words", async () => {
    const dust = { positions: [0, 0, 0, 1e-4, 0, 0, 0, 1e-4, 0], indices: [0, 1, 2] };
    await assert.rejects(repairMesh(solidOf([dust])), { code: "export-failed" });
  });
});
