import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type DownloadOptions, downloadGuarded } from "../../server/assets/download.ts";
import type { BehaviourName } from "../support/fake-genapi/behaviours.ts";
import { startGenapi } from "../support/genapi-harness.ts";
import { sha256Of } from "../support/sha256.ts";

describe("a download whose connection breaks", () => {
  let folder: string;
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  let whole: Buffer;
  let targets = 0;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "download-resume-"));
    harness = await startGenapi();
    const first = path.join(folder, "whole.glb");
    await downloadGuarded(await urlWith("completed"), first, optionsWith());
    whole = await readFile(first);
    await rm(first);
  });
  after(async () => {
    await harness.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const optionsWith = (changes: Partial<DownloadOptions> = {}): DownloadOptions => ({
    allowedHosts: ["127.0.0.1"],
    maxBytes: 5_000_000,
    timeoutSeconds: 120,
    stallSeconds: 60,
    pauseSeconds: 0.01,
    signal: AbortSignal.timeout(300_000),
    allowInsecureLoopback: true,
    ...changes,
  });

  async function urlWith(behaviour: BehaviourName): Promise<string> {
    harness.fake.script(behaviour);
    const submitted = await harness.submit();
    assert.equal(submitted.kind, "accepted");
    const polled = await harness.poll(submitted.remoteId);
    assert.ok(polled.kind === "finished" && polled.result.location.kind === "url");
    return polled.result.location.url;
  }

  /** The `Range` of every request to the file host during `work`; null where there was none. */
  async function rangesDuring(work: () => Promise<unknown>): Promise<(string | null)[]> {
    const { requests } = harness.fake;
    const before = requests.length;
    await work();
    return requests.slice(before).map(({ headers }) => headers.range ?? null);
  }

  const third = () => Math.ceil(whole.length / 3);
  const from = (bytes: number) => `bytes=${bytes}-`;

  const TABLE: [BehaviourName, (string | null)[] | (() => (string | null)[])][] = [
    ["range-etag", () => [null, from(third()), from(2 * third())]],
    ["range-last-modified", () => [null, from(third()), from(2 * third())]],
    ["range-weak-etag", [null, null]],
    ["range-none", [null, null]],
    ["range-ignored", () => [null, from(third())]],
    ["range-changed", () => [null, from(third())]],
    ["range-changed-careless", () => [null, from(third()), null]],
    ["range-wrong-start", () => [null, from(third()), null]],
    ["range-wrong-end", () => [null, from(third()), null]],
    ["range-wrong-total", () => [null, from(third()), null]],
    ["range-unnamed", () => [null, from(third()), null]],
    ["range-416", () => [null, from(third()), null]],
    ["file-reset-then-ok", [null, null]],
  ];
  for (const [behaviour, expected] of TABLE) {
    it(`ends with exactly the one body: ${behaviour}`, async () => {
      const url = await urlWith(behaviour);
      const target = path.join(folder, `${++targets}.glb`);
      let result = { bytes: 0, sha256: "" };
      const ranges = await rangesDuring(async () => {
        result = await downloadGuarded(url, target, optionsWith());
      });
      const content = await readFile(target);
      assert.equal(result.sha256, sha256Of(content));
      assert.equal(result.bytes, content.length);
      assert.ok(content.equals(whole), "not the whole of the one body");
      assert.deepEqual(ranges, typeof expected === "function" ? expected() : expected);
    });
  }

  it("gives up after four connections and leaves nothing", async () => {
    const url = await urlWith("range-cut-always");
    const target = path.join(folder, `${++targets}.glb`);
    const ranges = await rangesDuring(() =>
      assert.rejects(downloadGuarded(url, target, optionsWith()), { code: "result-unreachable" }),
    );
    assert.equal(ranges.length, 4);
    assert.ok(!(await readdir(folder)).some((name) => name.startsWith(path.basename(target))));
  });

  it("goes on in a later call from the part that an earlier one left", async () => {
    const url = await urlWith("range-cut-always");
    const target = path.join(folder, `${++targets}.glb`);
    const options = optionsWith({ keepPart: true });
    const ranges = await rangesDuring(async () => {
      for (let calls = 0; calls < 3; calls++) {
        await assert.rejects(downloadGuarded(url, target, options), { code: "result-unreachable" });
      }
      const { sha256 } = await downloadGuarded(url, target, options);
      assert.equal(sha256, sha256Of(whole));
    });
    assert.equal(ranges.length, 16);
    assert.equal(ranges.filter((range) => range === null).length, 1);
    assert.ok((await readFile(target)).equals(whole));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith(".json")),
      [],
    );
  });

  it("begins anew where the part and its note don't fit", async () => {
    const url = await urlWith("range-cut-always");
    const target = path.join(folder, `${++targets}.glb`);
    const options = optionsWith({ keepPart: true });
    await assert.rejects(downloadGuarded(url, target, options), { code: "result-unreachable" });
    await writeFile(target, "something else");
    const ranges = await rangesDuring(() => downloadGuarded(url, target, options).catch(() => undefined));
    assert.equal(ranges[0], null);
    const other = await urlWith("completed");
    const fresh = await rangesDuring(() => downloadGuarded(other, target, options));
    assert.deepEqual(fresh, [null], "the part of one address is not gone on with at another");
    assert.ok((await readFile(target)).equals(whole));
  });

  it("keeps the part when the address has expired, and says so", async () => {
    const url = await urlWith("range-cut-then-gone");
    const target = path.join(folder, `${++targets}.glb`);
    const rejected = downloadGuarded(url, target, optionsWith({ keepPart: true }));
    await assert.rejects(rejected, { code: "result-unreachable", message: /has expired \(403\)/ });
    assert.equal((await readFile(target)).length, third());
  });

  it("holds the cap over all connections together", async () => {
    const url = await urlWith("range-weak-etag");
    const target = path.join(folder, `${++targets}.glb`);
    const maxBytes = whole.length + 1000;
    await assert.rejects(downloadGuarded(url, target, optionsWith({ maxBytes })), {
      code: "result-unreachable",
      message: /broke off too often/,
    });
    const resumable = await urlWith("range-etag");
    assert.equal((await downloadGuarded(resumable, target, optionsWith({ maxBytes }))).bytes, whole.length);
  });

  it("holds the time over all connections together", async () => {
    const url = await urlWith("range-cut-always");
    const target = path.join(folder, `${++targets}.glb`);
    const rejected = downloadGuarded(url, target, optionsWith({ timeoutSeconds: 0.3, pauseSeconds: 5 }));
    await assert.rejects(rejected, { code: "result-unreachable", message: /took too long/ });
  });
});
