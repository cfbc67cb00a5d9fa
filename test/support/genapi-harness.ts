import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { TRELLIS } from "../../server/providers/genapi/networks.ts";
import { createGenapiProvider, type GenapiOptions } from "../../server/providers/genapi/provider.ts";
import { resolveParams } from "../../server/providers/params.ts";
import type { SubmitInput } from "../../server/providers/provider.ts";
import { startFakeGenapi } from "./fake-genapi/server.ts";
import { sha256Of } from "./sha256.ts";
import { until } from "./until.ts";

/** A fake GenAPI, a provider that talks to it and a new photo for each submit. */
export async function startGenapi(overrides: Partial<GenapiOptions> = {}) {
  const fake = await startFakeGenapi();
  const folder = await mkdtemp(path.join(os.tmpdir(), "genapi-test-"));
  const warnings: string[] = [];
  const options: GenapiOptions = {
    apiKey: fake.key,
    baseUrl: `${fake.url}/api/v1`,
    resultHosts: ["127.0.0.1"],
    concurrency: 2,
    // As long as a busy machine needs; the time of what never answers is over by `timeOut`.
    requestTimeoutSeconds: 60,
    logger: { warn: (message) => void warnings.push(message) },
    ...overrides,
  };
  const provider = createGenapiProvider(options);

  /** The fake counts creates by the photo's bytes, so every call makes other ones. */
  async function makePhoto(): Promise<SubmitInput["photo"]> {
    const bytes = randomBytes(2000);
    const file = path.join(folder, `${crypto.randomUUID()}.jpg`);
    await writeFile(file, bytes);
    return { path: file, mediaType: "image/jpeg", sha256: sha256Of(bytes) };
  }

  async function makeInput(changes: Partial<SubmitInput> = {}): Promise<SubmitInput> {
    return {
      generationId: crypto.randomUUID(),
      network: TRELLIS,
      params: resolveParams(TRELLIS, "standard", {}),
      photo: await makePhoto(),
      callbackUrl: null,
      workspace: folder,
      ...changes,
    };
  }

  /** Of each call anew: a bound of all calls together would end those of a file that takes long. */
  const hooks = () => ({ signal: AbortSignal.timeout(60_000), onProgress() {} });

  return {
    fake,
    provider,
    options,
    warnings,
    folder,
    makePhoto,
    makeInput,
    submit: async (changes: Partial<SubmitInput> = {}) => provider.submit(await makeInput(changes), hooks()),
    poll: (remoteId: string) => provider.poll(remoteId, TRELLIS, hooks().signal),
    async dispose() {
      await provider.dispose();
      await fake.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a call to something that never answers, and ends its time when `hasArrived`: a clock would also end it on a
 * machine that stands still just then, before it has left. Answers what came of it and how long it would have had.
 */
export async function timeOut<T>({ mock }: TestContext, call: () => Promise<T>, hasArrived: () => boolean) {
  const late = new AbortController();
  const timeout = mock.method(AbortSignal, "timeout", (_milliseconds: number) => late.signal);
  try {
    const running = call();
    await until("the call has arrived", hasArrived);
    late.abort(new DOMException("The time is over", "TimeoutError"));
    const outcome = await running;
    return { outcome, milliseconds: timeout.mock.calls.map(({ arguments: [given] }) => given) };
  } finally {
    timeout.mock.restore();
  }
}
