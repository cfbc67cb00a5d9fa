import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParamSpec, ProviderView } from "../../server/contract/provider.ts";
import { chooseEngine, isParamValid, modelOptions } from "../../web/src/pages/create/model-options.ts";

const words = { en: "", ru: "" };
const provider = (change: Partial<ProviderView>): ProviderView => ({
  id: "local",
  label: words,
  available: true,
  keySource: null,
  isDefault: false,
  sendsPhotoTo: null,
  balanceRoubles: null,
  money: null,
  pause: null,
  networks: ["first", "second"].map((id) => ({
    id,
    label: words,
    params: [],
    presets: { draft: {}, standard: {}, high: {} },
    prices: { draft: null, standard: null, high: null },
    typicalSeconds: { draft: 1, standard: 2, high: 3 },
  })),
  ...change,
});
const spec = (change: Partial<ParamSpec>): ParamSpec => ({
  name: "steps",
  type: "integer",
  default: 12,
  min: 1,
  max: 50,
  label: words,
  help: words,
  ...change,
});

test("the server's default is used until someone chooses, and never one that is not set up", () => {
  const [local, genapi] = [provider({}), provider({ id: "genapi", isDefault: true })];
  const options = modelOptions.get();
  assert.equal(chooseEngine([local, genapi], options)?.provider.id, "genapi");
  assert.equal(chooseEngine([local, { ...genapi, available: false }], options)?.provider.id, "local");
  const chosen = chooseEngine([local, genapi], { ...options, providerId: "local", networkId: "second" });
  assert.deepEqual([chosen?.provider.id, chosen?.network.id], ["local", "second"]);
  assert.equal(chooseEngine([provider({ available: false })], options), null);
});

test("a parameter is valid as the network says", () => {
  assert.equal(isParamValid(spec({}), 50), true);
  assert.equal(isParamValid(spec({}), 51), false);
  assert.equal(isParamValid(spec({}), 1.5), false);
  assert.equal(isParamValid(spec({}), null), false);
  assert.equal(isParamValid(spec({ default: null }), null), true);
  assert.equal(isParamValid(spec({ type: "number" }), 1.5), true);
  assert.equal(isParamValid(spec({ type: "choice", choices: [512, 1024] }), 1024), true);
  assert.equal(isParamValid(spec({ type: "choice", choices: [512, 1024] }), "1024"), false);
});
