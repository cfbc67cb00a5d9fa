import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ERROR_TABLE } from "../../server/error-table.ts";
import { resolveParams } from "../../server/providers/params.ts";
import type {
  Network,
  Provider,
  ProviderResult,
  SubmitInput,
  SubmitOutcome,
} from "../../server/providers/provider.ts";
import { until } from "../support/until.ts";

type Photo = SubmitInput["photo"];

/** One implementation and what the suite needs around it. */
export interface ProviderUnderTest {
  provider: Provider;
  network: Network;
  /** A photo that a model can be made of. */
  goodPhoto(): Photo | Promise<Photo>;
  /** A photo that must be refused. */
  hopelessPhoto(): Photo | Promise<Photo>;
  /** A photo whose submit takes long enough to be aborted. */
  slowPhoto(): Photo | Promise<Photo>;
  /** Fetches a result that lies at a URL; not needed by a provider that answers files. */
  download?(url: string, targetPath: string): Promise<unknown>;
  dispose(): Promise<void>;
}

const GLB_MAGIC = 0x46546c67;

/** What every provider has to do, whatever it is made of. Call it at the top level of a test file. */
export function providerContract(name: string, makeProvider: () => Promise<ProviderUnderTest>): void {
  describe(`provider contract: ${name}`, () => {
    let subject: ProviderUnderTest;
    let folder: string;
    let attempts = 0;

    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "provider-contract-"));
      subject = await makeProvider();
    });
    after(async () => {
      await subject.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    async function inputFor(photo: Photo): Promise<SubmitInput> {
      const workspace = path.join(folder, `attempt-${++attempts}`);
      await mkdir(workspace);
      const params = resolveParams(subject.network, "draft", {});
      const generationId = crypto.randomUUID();
      return { generationId, network: subject.network, params, photo, callbackUrl: null, workspace };
    }

    async function submit(photo: Photo, signal = AbortSignal.timeout(600_000)) {
      const percents: number[] = [];
      const onProgress = (percent: number) => void percents.push(percent);
      const outcome = await subject.provider.submit(await inputFor(photo), { signal, onProgress });
      return { outcome, percents };
    }

    /** Polls an accepted submit to its end; gathers the percentages. */
    async function finish(outcome: SubmitOutcome, percents: number[]): Promise<ProviderResult> {
      if (outcome.kind === "finished") return outcome.result;
      assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
      for (let polls = 0; polls < 100; polls++) {
        const state = await subject.provider.poll(
          outcome.remoteId,
          subject.network,
          AbortSignal.timeout(30_000),
        );
        if (state.kind === "finished") return state.result;
        assert.equal(state.kind, "running", JSON.stringify(state));
        if (state.percent !== null) percents.push(state.percent);
        await delay(5);
      }
      return assert.fail("100 polls did not bring the end");
    }

    it("makes a GLB of a good photo, with progress between 0 and 100", async () => {
      const { outcome, percents } = await submit(await subject.goodPhoto());
      const result = await finish(outcome, percents);
      for (const percent of percents) assert.ok(percent >= 0 && percent <= 100, `progress ${percent}`);
      assert.ok(result.costRoubles === null || result.costRoubles >= 0);
      assert.equal(result.costRoubles === null || result.costRoubles === 0, subject.provider.isFree);
      assert.doesNotThrow(() => JSON.stringify(result.report));
      const bytes = await readResult(result);
      assert.equal(bytes.readUInt32LE(0), GLB_MAGIC);
      assert.equal(bytes.readUInt32LE(8), bytes.length);
    });

    async function readResult({ location }: ProviderResult): Promise<Buffer> {
      if (location.kind === "file") return readFile(location.path);
      assert.ok(subject.download, "a provider that answers URLs needs download() in its contract test");
      const target = path.join(folder, `result-${attempts}.glb`);
      await subject.download(location.url, target);
      return readFile(target);
    }

    it("refuses a hopeless photo with a code of the table and words", async () => {
      const { outcome } = await submit(await subject.hopelessPhoto());
      assert.equal(outcome.kind, "refused", JSON.stringify(outcome));
      assert.ok(outcome.code in ERROR_TABLE);
      assert.ok(outcome.message.length > 0);
      assert.equal(typeof outcome.retryable, "boolean");
    });

    it("rejects with the signal's reason and leaves nothing running", async () => {
      const photo = await subject.slowPhoto();
      const baseline = runningThings();
      const controller = new AbortController();
      const reason = new Error("somebody cancelled");
      const running = submit(photo, controller.signal);
      await delay(100);
      controller.abort(reason);
      await assert.rejects(running, (error) => error === reason);
      await until("nothing of it runs any more", () => runningThings() <= baseline);
    });

    it("does not even begin when the signal is aborted already", async () => {
      const reason = new Error("too late");
      await assert.rejects(
        submit(await subject.goodPhoto(), AbortSignal.abort(reason)),
        (error) => error === reason,
      );
    });

    it("names its limits", () => {
      assert.ok(Number.isInteger(subject.provider.concurrency) && subject.provider.concurrency >= 1);
      assert.equal(subject.network.provider, subject.provider.id);
    });

    it("can be disposed twice", async () => {
      await subject.provider.dispose();
      await subject.provider.dispose();
    });
  });
}

/** Child processes, workers and connections of this process. */
function runningThings(): number {
  const kinds = /^(ProcessWrap|Worker|MessagePort|TCPSocketWrap|TLSWrap|TCPConnectWrap|PipeWrap)$/;
  return process.getActiveResourcesInfo().filter((kind) => kinds.test(kind)).length;
}
