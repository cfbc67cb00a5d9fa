import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ParamSpec, ParamValue, Preset } from "../../server/contract/provider.ts";
import { NetworkView, PRESETS } from "../../server/contract/provider.ts";
import { AppError } from "../../server/errors.ts";
import { TRELLIS } from "../../server/providers/genapi/networks.ts";
import { findNetwork, NETWORKS, networksWith } from "../../server/providers/networks.ts";
import { resolveParams } from "../../server/providers/params.ts";

/** The paths and messages that a call complains about. */
function faults(run: () => unknown): { path: string; message: string }[] {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "invalid-params", String(error));
    return error.errors ?? [];
  }
  return assert.fail("nothing was thrown");
}

describe("the parameters of a generation", () => {
  it("are the defaults, over them the preset, over that the caller's", () => {
    assert.deepEqual(resolveParams(TRELLIS, null, {}), {
      ss_guidance_strength: 7.5,
      ss_sampling_steps: 12,
      slat_guidance_strength: 3,
      slat_sampling_steps: 12,
      mesh_simplify: 0.95,
      texture_size: 1024,
      seed: null,
    });
    const high = resolveParams(TRELLIS, "high", { texture_size: 512, seed: 7 });
    assert.deepEqual(
      [high.texture_size, high.seed, high.mesh_simplify, high.ss_sampling_steps],
      [512, 7, 0.9, 50],
    );
    assert.equal(resolveParams(TRELLIS, "draft", {}).texture_size, 512);
  });

  const wrong: [string, ParamValue, RegExp][] = [
    ["steps", 3, /no parameter "steps".*Known: ss_guidance_strength/],
    ["__proto__", 3, /no parameter/],
    ["ss_sampling_steps", 51, /between 1 and 50/],
    ["ss_sampling_steps", 1.5, /whole number/],
    ["ss_sampling_steps", "12", /whole number/],
    ["ss_sampling_steps", null, /Leave it out/],
    ["ss_guidance_strength", -0.1, /between 0 and 10/],
    ["ss_guidance_strength", Number.NaN, /Must be a number/],
    ["ss_guidance_strength", true, /Must be a number/],
    ["mesh_simplify", 0.99, /between 0.9 and 0.98/],
    ["texture_size", 1000, /one of 512, 1024, 2048/],
    ["texture_size", "1024", /one of/],
    ["texture_size", { x: 1 }, /one of/],
    ["seed", -1, /between/],
  ];
  for (const [name, value, message] of wrong) {
    it(`refuses ${name} = ${JSON.stringify(value)}`, () => {
      const params = Object.fromEntries([[name, value]]);
      const [fault, ...others] = faults(() => resolveParams(TRELLIS, "standard", params));
      assert.equal(fault.path, `params.${name}`);
      assert.match(fault.message, message);
      assert.deepEqual(others, []);
    });
  }

  it("names every fault at once", () => {
    const params = { texture_size: 3, nope: 1, seed: 0.5 };
    assert.deepEqual(
      faults(() => resolveParams(TRELLIS, "standard", params)).map(({ path }) => path),
      ["params.texture_size", "params.nope", "params.seed"],
    );
  });

  it("refuses a preset that the network does not have", () => {
    const network = { params: [], presets: { standard: {} } as unknown as typeof TRELLIS.presets };
    assert.deepEqual(
      faults(() => resolveParams(network, "high", {})).map(({ path }) => path),
      ["preset"],
    );
  });

  const box: ParamSpec = {
    name: "box",
    type: "box",
    default: null,
    label: { en: "Box", ru: "Рамка" },
    help: { en: "", ru: "" },
  };
  const withBox = { params: [box], presets: TRELLIS.presets };
  it("takes a box inside the photo and null for none", () => {
    const value = { x: 0.5, y: 0, width: 0.5, height: 1 };
    assert.deepEqual(resolveParams(withBox, null, { box: value }), { box: value });
    assert.deepEqual(resolveParams(withBox, null, { box: null }), { box: null });
  });
  for (const value of [
    { x: 0.6, y: 0, width: 0.5, height: 1 },
    { x: 0, y: 0, width: 0, height: 1 },
    { x: 0, y: 0, width: 1 },
    { x: 0, y: 0, width: 1, height: 1, depth: 1 },
    7,
  ]) {
    it(`refuses the box ${JSON.stringify(value)}`, () => {
      const [fault] = faults(() =>
        resolveParams(withBox, null, { box: value } as Record<string, ParamValue>),
      );
      assert.match(fault.message, /inside/);
    });
  }
});

describe("the catalogue of networks", () => {
  for (const network of NETWORKS) {
    it(`${network.provider}/${network.id} has presets that fit its own table`, () => {
      for (const preset of PRESETS) {
        const given = network.presets[preset] ?? {};
        assert.doesNotThrow(() => resolveParams(network, preset as Preset, given));
        assert.ok(network.typicalSeconds[preset] < network.deadlineSeconds);
      }
      NetworkView.omit({ prices: true }).parse(network);
    });
  }

  it("finds by provider and id", () => {
    assert.equal(findNetwork("genapi", "trellis"), TRELLIS);
    assert.equal(findNetwork("local", "trellis"), undefined);
    assert.equal(findNetwork("genapi", "nope"), undefined);
  });

  it("takes unlisted networks by their id, without parameters", () => {
    const networks = networksWith(["hunyuan3d", "trellis", "hunyuan3d"]);
    assert.equal(networks.length, NETWORKS.length + 1);
    assert.deepEqual(findNetwork("genapi", "trellis", networks), { ...TRELLIS, setRoubles: {} });
    const added = findNetwork("genapi", "hunyuan3d", networks);
    assert.ok(added);
    assert.equal(added.photoField, "image_url");
    assert.deepEqual(resolveParams(added, "high", {}), {});
    assert.match(faults(() => resolveParams(added, null, { a: 1 }))[0].message, /takes none/);
  });
});
