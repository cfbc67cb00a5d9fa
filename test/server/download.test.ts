import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { isPublicAddress } from "../../server/assets/address-guard.ts";
import { type DownloadOptions, downloadGuarded } from "../../server/assets/download.ts";
import { AppError, type ErrorCode } from "../../server/errors.ts";
import type { BehaviourName } from "../support/fake-genapi/behaviours.ts";
import { startGenapi } from "../support/genapi-harness.ts";
import { sha256Of } from "../support/sha256.ts";

let folder: string;
let targets = 0;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "download-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const newTarget = () => path.join(folder, `result-${++targets}.glb`);

function optionsWith(changes: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    allowedHosts: ["127.0.0.1"],
    maxBytes: 5_000_000,
    timeoutSeconds: 120,
    stallSeconds: 60,
    signal: AbortSignal.timeout(300_000),
    allowInsecureLoopback: true,
    ...changes,
  };
}

/** The download fails with this code and leaves no file. */
async function assertFails(url: string, code: ErrorCode, changes: Partial<DownloadOptions> = {}) {
  const target = newTarget();
  await assert.rejects(downloadGuarded(url, target, optionsWith(changes)), (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
  await assert.rejects(access(target), "a failed download must leave no file");
}

describe("downloading a result", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  before(async () => {
    harness = await startGenapi();
  });
  after(() => harness.dispose());

  async function urlWith(behaviour: BehaviourName): Promise<string> {
    harness.fake.script(behaviour);
    const submitted = await harness.submit();
    assert.equal(submitted.kind, "accepted");
    const polled = await harness.poll(submitted.remoteId);
    assert.ok(polled.kind === "finished" && polled.result.location.kind === "url");
    return polled.result.location.url;
  }

  async function download(url: string, changes: Partial<DownloadOptions> = {}) {
    const target = newTarget();
    const result = await downloadGuarded(url, target, optionsWith(changes));
    return { ...result, content: await readFile(target) };
  }

  for (const behaviour of ["completed", "file-without-length", "redirect-ok", "redirect-relative"] as const) {
    it(`writes the whole file: ${behaviour}`, async () => {
      const { bytes, sha256, content } = await download(await urlWith(behaviour));
      assert.equal(content.readUInt32LE(8), content.length);
      assert.equal(bytes, content.length);
      assert.equal(sha256, sha256Of(content));
    });
  }

  it("sends no credentials, and asks for the bytes as they are", async () => {
    await download(await urlWith("completed"));
    const request = harness.fake.requests.filter(({ host }) => host === "files").at(-1);
    assert.equal(request?.headers.authorization, undefined);
    assert.equal(request?.headers.cookie, undefined);
    assert.equal(request?.headers["accept-encoding"], "identity");
    assert.deepEqual(harness.fake.keyLeaks(), []);
  });

  it("reports progress with the announced length", async () => {
    const seen: { bytes: number; totalBytes: number | null }[] = [];
    const { bytes } = await download(await urlWith("completed"), {
      onProgress: (progress) => void seen.push(progress),
    });
    assert.deepEqual(seen.at(-1), { bytes, totalBytes: bytes });
    assert.ok(seen.every((step, index) => index === 0 || step.bytes > seen[index - 1].bytes));
  });

  it("replaces what an interrupted try left at the place", async () => {
    const target = newTarget();
    await writeFile(target, Buffer.alloc(4_000_000));
    const { bytes } = await downloadGuarded(await urlWith("completed"), target, optionsWith());
    assert.equal((await readFile(target)).length, bytes);
  });

  for (const behaviour of ["file-403-then-ok", "file-404-then-ok"] as const) {
    it(`fails first, then succeeds: ${behaviour}`, async () => {
      const url = await urlWith(behaviour);
      await assertFails(url, "result-unreachable");
      assert.ok((await download(url)).bytes > 0);
    });
  }

  const FAILURES: [BehaviourName, ErrorCode, Partial<DownloadOptions>?][] = [
    ["file-cut", "result-unreachable"],
    ["file-hang", "result-unreachable", { stallSeconds: 0.2 }],
    ["file-hang", "result-unreachable", { timeoutSeconds: 0.2 }],
    ["file-empty", "result-invalid"],
    ["file-gzip", "result-invalid"],
    ["file-huge", "result-too-large"],
    ["file-endless", "result-too-large"],
    ["completed", "result-too-large", { maxBytes: 1000 }],
    ["redirect-loop", "result-unreachable"],
    ["redirect-nowhere", "result-unreachable"],
    ["redirect-private", "result-not-allowed"],
    ["redirect-private", "result-not-allowed", { allowedHosts: ["127.0.0.1", "10.0.0.1"] }],
    ["redirect-metadata", "result-not-allowed", { allowedHosts: ["127.0.0.1", "169.254.169.254"] }],
    ["redirect-localhost", "result-not-allowed"],
    ["redirect-file", "result-not-allowed"],
    ["url-http", "result-not-allowed", { allowedHosts: [".yandexcloud.net"] }],
    ["url-private", "result-not-allowed", { allowedHosts: ["192.168.1.1"] }],
    ["url-mapped", "result-not-allowed", { allowedHosts: ["::ffff:7f00:1"], allowInsecureLoopback: false }],
    ["url-file", "result-not-allowed", { allowedHosts: [""] }],
    ["url-data", "result-not-allowed", { allowedHosts: [""] }],
    ["url-foreign", "result-not-allowed"],
    ["completed", "result-not-allowed", { allowInsecureLoopback: false }],
  ];
  for (const [behaviour, code, changes = {}] of FAILURES) {
    it(`${behaviour} ${JSON.stringify(changes)} → ${code}`, async () => {
      await assertFails(await urlWith(behaviour), code, changes);
    });
  }

  it("survives more bytes than were announced: either the announced part or a failure", async () => {
    const url = await urlWith("file-short-length");
    const target = newTarget();
    const got = await downloadGuarded(url, target, optionsWith()).catch((error) => error);
    if (got instanceof AppError) assert.equal(got.code, "result-unreachable");
    else assert.equal((await readFile(target)).length, got.bytes);
    await rm(target, { force: true });
    assert.ok((await download(await urlWith("completed"))).bytes > 0);
  });

  it("follows at most three redirects", async () => {
    const url = await urlWith("redirect-loop");
    const before = harness.fake.requests.length;
    await assertFails(url, "result-unreachable");
    assert.equal(harness.fake.requests.length - before, 4);
  });

  it("rejects with the reason of an abort and removes the part", async () => {
    const controller = new AbortController();
    const target = newTarget();
    const onProgress = () => controller.abort(new Error("stop"));
    const options = optionsWith({ signal: controller.signal, onProgress });
    await assert.rejects(downloadGuarded(await urlWith("file-hang"), target, options), /^Error: stop$/);
    await assert.rejects(access(target));
  });

  it("leaves nothing but whole files in the folder", async () => {
    for (const name of await readdir(folder)) {
      const content = await readFile(path.join(folder, name));
      assert.equal(content.readUInt32LE(8), content.length);
    }
  });
});

describe("names that lead inside", () => {
  /** A resolver that answers these addresses for every name. */
  const leadingTo = (...addresses: string[]): LookupFunction => {
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    return (_name, _options, callback) => callback(null, found);
  };
  const closed = { allowInsecureLoopback: false, allowedHosts: [".example.com"] };

  for (const addresses of [
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["fd00::1"],
    ["8.8.8.8", "10.0.0.1"],
    [],
  ]) {
    it(`refuses a listed name at [${addresses.join(", ")}]`, () =>
      assertFails("https://files.example.com/x.glb", "result-not-allowed", {
        ...closed,
        lookup: leadingTo(...addresses),
      }));
  }

  it("refuses loopback names and odd addresses in the URL itself", async () => {
    for (const url of [
      "https://localhost/x",
      "https://2130706433/x",
      "https://0x7f.1/x",
      "https://[::1]/x",
      "https://files.example.com:8443/x",
      "https://user:secret@files.example.com/x",
      "https://example.com/x",
      "https://evilexample.com/x",
      "ftp://files.example.com/x",
      "not a url",
    ]) {
      const allowedHosts = [".example.com", "localhost", "127.0.0.1", "::1"];
      await assertFails(url, "result-not-allowed", { allowInsecureLoopback: false, allowedHosts });
    }
  });

  it("says that a name does not resolve", () =>
    assertFails("https://files.example.com/x", "result-unreachable", {
      ...closed,
      lookup: (_name, _options, callback) =>
        callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []),
    }));
});

describe("public addresses", () => {
  const inside = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::",
    "2001:0:1::",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "not an address",
  ];
  for (const address of inside) it(`not ${address}`, () => assert.equal(isPublicAddress(address), false));
  for (const address of ["8.8.8.8", "77.88.55.242", "2a02:6b8::2:242", "2606:4700:4700::1111"]) {
    it(`${address}`, () => assert.equal(isPublicAddress(address), true));
  }
});
