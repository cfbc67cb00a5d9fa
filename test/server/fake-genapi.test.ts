import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BEHAVIOURS, type BehaviourName } from "../support/fake-genapi/behaviours.ts";
import { close, type LoopbackServer, listen } from "../support/fake-genapi/loopback-server.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type FakeCall, json } from "../support/fake-genapi/steps.ts";
import { startGenapi } from "../support/genapi-harness.ts";

describe("the fake GenAPI", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  let hook: LoopbackServer;
  let calls: string[] = [];
  const arrivals = new EventEmitter();
  before(async () => {
    harness = await startGenapi();
    hook = await listen((request, response) => {
      calls.push(request.url ?? "");
      arrivals.emit("call");
      response.end();
    }, 0);
  });
  after(async () => {
    await harness.dispose();
    await close(hook);
  });

  const CALLBACKS: [BehaviourName, number, string][] = [
    ["ok", 0, "accepted"],
    ["callback", 1, "accepted"],
    ["callback-twice", 2, "accepted"],
    ["callback-before-answer", 1, "accepted"],
    ["callback-after-reset", 1, "unknown"],
    ["callback-forged", 1, "accepted"],
    ["callback-conflicting", 1, "accepted"],
  ];
  for (const [behaviour, count, kind] of CALLBACKS) {
    it(`${behaviour} calls back ${count} times`, async () => {
      calls = [];
      harness.fake.script(behaviour);
      const outcome = await harness.submit({ callbackUrl: `${hook.url}/hooks/nonce` });
      assert.equal(outcome.kind, kind);
      while (calls.length < count) await once(arrivals, "call", { signal: AbortSignal.timeout(60_000) });
      assert.deepEqual(calls, Array(count).fill("/hooks/nonce"));
    });
  }

  it("has every behaviour in its README, and nothing else", async () => {
    const readme = await readFile(new URL("../support/fake-genapi/README.md", import.meta.url), "utf8");
    const rows = readme.split("\n").filter((line) => line.startsWith("| "));
    const named = rows.flatMap((row) => [...row.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name));
    assert.deepEqual(named.sort(), Object.keys(BEHAVIOURS).sort());
  });

  it("counts accepted creates per photo and takes its script in order", async () => {
    harness.fake.script("create-503", "busy-429", "ok");
    const photo = await harness.makePhoto();
    const kinds: string[] = [];
    for (let tries = 0; tries < 4; tries++) kinds.push((await harness.submit({ photo })).kind);
    assert.deepEqual(kinds, ["unknown", "back-off", "accepted", "accepted"]);
    assert.equal(harness.fake.createsPerPhoto().get(photo.sha256), 3);
  });

  it("hands its script out in the order of the ids, whoever is the slower to send", async () => {
    const { fake } = harness;
    const told = (place: number) => ({
      create: json(200, ({ generation }: FakeCall) => ({ id: generation?.id, place })),
    });
    fake.script(told(1), told(2));
    const form = new FormData();
    form.set("image_url", new Blob(["a photo"]), "photo.jpg");
    const whole = new Request("http://unused", { method: "POST", body: form });
    const headers = {
      Authorization: `Bearer ${fake.key}`,
      "Content-Type": whole.headers.get("content-type")!,
    };
    const body = Buffer.from(await whole.arrayBuffer());
    const send = () => {
      const call = request(`${fake.url}/api/v1/networks/trellis`, { method: "POST", headers });
      call.write(body.subarray(0, 10));
      const finish = async () => {
        call.end(body.subarray(10));
        const [answer] = await once(call, "response");
        return JSON.parse(await text(answer)) as { id: number; place: number };
      };
      return finish;
    };
    const seen = fake.requests.length;
    const finishSlow = send();
    while (fake.requests.length === seen) await sleep(5);
    const quick = await send()();
    const slow = await finishSlow();
    assert.deepEqual([quick.place, slow.place, slow.id - quick.id], [1, 2, 1]);
  });

  it("fails its own disposal when the key reached the file host", async () => {
    const fake = await startFakeGenapi();
    await fetch(`${fake.fileUrl}/files/1.glb`, { headers: { authorization: `Bearer ${fake.key}` } });
    assert.equal(fake.keyLeaks().length, 1);
    await assert.rejects(fake.dispose(), /key reached the file host/);
  });
});
