import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type FakeCall, redirect, started, success } from "../support/fake-genapi/steps.ts";
import { freePort } from "../support/server-process.ts";
import { hostileUrls, hostOf, LOCAL_URLS } from "../support/ssrf/attacks.ts";
import { attempt, leadingTo } from "../support/ssrf/attempt.ts";
import { type Canary, openCanary, reach } from "../support/ssrf/canary.ts";
import { INSIDE_ADDRESSES, runInNamespace } from "../support/ssrf/namespace.ts";

/** Listens on loopback where it may, and proves that every listener can be reached. */
async function openCanaries(wanted: [string, number?][], leftOut: (what: string) => void): Promise<Canary[]> {
  const canaries: Canary[] = [];
  for (const [address, port] of wanted) {
    const canary = await openCanary(address, port);
    if (canary) canaries.push(canary);
    else leftOut(`${address}${port ? ` port ${port}` : ""} can't be listened on here`);
  }
  for (const canary of canaries) {
    await reach(canary.address, canary.port);
    assert.equal(canary.hits(), 1);
  }
  return canaries;
}

const hitsOf = (canaries: Canary[]) => canaries.reduce((sum, canary) => sum + canary.hits() - 1, 0);

describe("addresses that lead inside are never connected to", () => {
  it("from a network where every kind of inside address answers", (t) => {
    const report = runInNamespace();
    if (typeof report === "string") {
      t.diagnostic(
        `Left out, for there is no network namespace here (${report}): ${INSIDE_ADDRESSES.join(", ")},`,
      );
      t.diagnostic("redirects from a public host and names that turn inside while a download runs.");
      return;
    }
    const { controls, hits, outcomes } = report;
    t.diagnostic(JSON.stringify(outcomes));
    assert.ok(controls >= INSIDE_ADDRESSES.length);
    assert.equal(hits, 0);
    for (const [kind, codes] of Object.entries(outcomes)) {
      assert.equal(codes.fetched, undefined, kind);
      assert.ok(codes["result-not-allowed"] > 0, kind);
    }
  });

  it("from here, where loopback answers", async (t) => {
    const canaries = await openCanaries(
      [["127.0.0.1"], ["127.0.0.2"], ["127.77.77.77", 443], ["127.77.77.77", 80], ["::1"]],
      (what) => t.diagnostic(`Left out: ${what}`),
    );
    for (const url of LOCAL_URLS) assert.equal(await attempt(url, [hostOf(url)]), "result-not-allowed", url);
    for (const { address, port } of canaries) {
      for (const url of hostileUrls(address, port)) {
        assert.equal(await attempt(url, [hostOf(url)]), "result-not-allowed", url);
      }
      for (const answer of [[address], [`::ffff:${address.includes(":") ? "127.0.0.1" : address}`]]) {
        const lookup = leadingTo(answer);
        const name = "https://files.example.com/x.glb";
        assert.equal(await attempt(name, ["files.example.com"], { lookup }), "result-not-allowed");
      }
      for (const name of ["localhost", "localhost.", "LOCALHOST", "x.localhost"]) {
        const url = `https://${name}:${port}/x.glb`;
        assert.notEqual(await attempt(url, ["localhost", "x.localhost"]), "fetched", url);
      }
    }
    assert.equal(hitsOf(canaries), 0);
    for (const canary of canaries) await canary.close();
  });
});

describe("no word of the provider leads inside", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let photo: Buffer;
  before(async () => {
    fake = await startFakeGenapi();
    const port = await freePort();
    app = await startTestApp({ fake, port, env: { PUBLIC_URL: `http://127.0.0.1:${port}` } });
    photo = await readPhoto("sofa.jpg");
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
  const pollsSay = (fields: (call: FakeCall, url: string) => Record<string, unknown>) => (url: string) => ({
    polls: [success((call) => fields(call, url))],
  });
  /** Every place of an answer that can carry an address, and how the generation ends. */
  const PLACES: Record<string, [(url: string) => Behaviour, "failed" | "succeeded"]> = {
    "the result": [pollsSay((_call, url) => ({ result: [url] })), "failed"],
    "the result as text": [pollsSay((_call, url) => ({ result: url })), "failed"],
    "the result as an object": [pollsSay((_call, url) => ({ result: { model_mesh: { url } } })), "failed"],
    "the output": [pollsSay((_call, url) => ({ output: { glb: url } })), "failed"],
    "the full response": [pollsSay((_call, url) => ({ full_response: JSON.stringify([{ url }]) })), "failed"],
    "an answer that is finished at once": [
      (url) => ({
        create: success(({ generation }) => ({ request_id: generation?.id, result: [url] })),
        polls: [success(() => ({ result: [url] }))],
      }),
      "failed",
    ],
    "a redirect": [(url) => ({ polls: [done], files: [redirect(url)] }), "failed"],
    "a fresh address": [
      (url) => ({
        polls: [done, success(() => ({ result: [url] }))],
        files: [({ response }) => void response.writeHead(403).end()],
      }),
      "failed",
    ],
    "a preview beside the result": [
      pollsSay(({ resultUrl }, url) => ({ result: [url.replace(".glb", ".png"), resultUrl], preview: url })),
      "succeeded",
    ],
    "a call": [
      (url) => ({
        create: async (call) => {
          await started()(call);
          await call.callBack({ request_id: call.generation?.id, status: "success", result: [url] });
        },
        polls: [done],
      }),
      "succeeded",
    ],
  };

  it("whatever part of an answer names it", async (t) => {
    const canaries = await openCanaries([["127.0.0.2"], ["::1"]], (what) =>
      t.diagnostic(`Left out: ${what}`),
    );
    const urls = canaries.map(({ address, port }) =>
      address.includes(":") ? `https://[${address}]:${port}/x.glb` : `http://${address}:${port}/x.glb`,
    );
    for (const [place, [behaviourOf, status]] of Object.entries(PLACES)) {
      fake.script(...urls.map(behaviourOf));
      const posted = await Promise.all(urls.map(() => postPhoto(app, photoForm(photo))));
      const generations = (await Promise.all(posted.map((answer) => answer.json()))) as Generation[];
      for (const { id } of generations) {
        const ended = await waitForGeneration(app, id);
        assert.equal(ended.status, status, `${place}: ${JSON.stringify(ended.error)}`);
        if (status === "failed") assert.equal(ended.error?.code, "result-not-allowed", place);
      }
    }
    assert.equal(hitsOf(canaries), 0);
    for (const canary of canaries) await canary.close();
  });
});
