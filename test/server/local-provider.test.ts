import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { NetworkView, type ParamValues, PRESETS } from "../../server/contract/provider.ts";
import { parseLocalParams } from "../../server/providers/local/local-params.ts";
import { createLocalProvider } from "../../server/providers/local/local-provider.ts";
import { SILHOUETTE } from "../../server/providers/local/network.ts";
import { resolveParams } from "../../server/providers/params.ts";
import type { SubmitOutcome } from "../../server/providers/provider.ts";

const SOFA = fileURLToPath(new URL("../fixtures/photos/sofa.jpg", import.meta.url));
const LIMITS = { concurrency: 1, memoryBytes: 400 * 2 ** 20, processorSeconds: 60, timeoutSeconds: 600 };

let workspace: string;
before(async () => {
  workspace = await mkdtemp(path.join(os.tmpdir(), "local-provider-"));
});
after(() => rm(workspace, { recursive: true, force: true }));

const inputWith = (params: ParamValues) => ({
  generationId: "0",
  network: SILHOUETTE,
  params,
  photo: { path: SOFA, mediaType: "image/jpeg", sha256: "" },
  callbackUrl: null,
  workspace,
});

async function submitWith(limits: typeof LIMITS, params: ParamValues = {}): Promise<SubmitOutcome> {
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  return createLocalProvider(limits).submit(inputWith(params), hooks);
}

describe("the local provider", () => {
  it("refuses parameters that are not in the table", async () => {
    const wrong: ParamValues[] = [
      { triangles: 5 },
      { texture_size: 300 },
      { mode: "magic" },
      { box: { x: 2 } },
    ];
    for (const params of wrong) {
      const outcome = await submitWith(LIMITS, params);
      assert.ok(outcome.kind === "refused" && outcome.code === "invalid-params", JSON.stringify(outcome));
      assert.equal(outcome.retryable, false);
    }
  });

  it("calls a process beyond its memory crashed and one beyond its time late, both worth another try", async () => {
    const large = await submitWith({ ...LIMITS, memoryBytes: 60 * 2 ** 20 });
    assert.ok(large.kind === "refused" && large.code === "generator-crashed", JSON.stringify(large));
    assert.match(large.message, /\d+ MB/);
    const slow = await submitWith({ ...LIMITS, timeoutSeconds: 0.2 });
    assert.ok(slow.kind === "refused" && slow.code === "generation-timeout", JSON.stringify(slow));
    assert.ok(large.retryable && slow.retryable);
  });

  it("stops what runs and what waits when it is disposed", async () => {
    const provider = createLocalProvider(LIMITS);
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const hooks = { signal: new AbortController().signal, onProgress: () => resolve() };
    const [running, waiting] = [provider.submit(inputWith({}), hooks), provider.submit(inputWith({}), hooks)];
    await begun;
    await provider.dispose();
    for (const outcome of [await running, await waiting]) {
      assert.ok(outcome.kind === "refused" && outcome.code === "shutting-down", JSON.stringify(outcome));
    }
  });

  it("runs two at once at most", () => {
    const concurrencies = [0, 1, 2, 9].map(
      (n) => createLocalProvider({ ...LIMITS, concurrency: n }).concurrency,
    );
    assert.deepEqual(concurrencies, [1, 1, 2, 2]);
  });
});

describe("the network silhouette", () => {
  it("is a valid table whose presets and defaults the generator takes", () => {
    NetworkView.omit({ prices: true }).parse(SILHOUETTE);
    for (const preset of PRESETS) {
      const params = parseLocalParams(resolveParams(SILHOUETTE, preset, {}));
      assert.equal(params?.triangles, SILHOUETTE.presets[preset]?.triangles);
      assert.equal(params?.textureSize, SILHOUETTE.presets[preset]?.texture_size);
      assert.equal(params?.depth, null);
    }
  });
});
