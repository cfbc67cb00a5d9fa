import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { ErrorCode } from "../../server/errors.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { finishedWith, makeBadResults } from "../support/bad-results.ts";
import { photoForm, postPhoto, readModel, readPhoto, waitForGeneration } from "../support/client.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import { BEHAVIOURS, type BehaviourName } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { boxGlb } from "../support/make-glb.ts";

type Expected = ErrorCode | "succeeded";

/** What the generation ends as, by how the finished file is served. */
const SERVED: Partial<Record<BehaviourName, Expected>> = {
  "file-403-then-ok": "succeeded",
  "file-404-then-ok": "succeeded",
  "file-410-then-ok": "succeeded",
  "file-503-then-ok": "succeeded",
  "file-reset-then-ok": "succeeded",
  "file-without-length": "succeeded",
  "redirect-ok": "succeeded",
  "redirect-relative": "succeeded",
  "range-etag": "succeeded",
  "range-changed-careless": "succeeded",
  "range-cut-always": "succeeded",
  "file-404": "result-unreachable",
  "range-cut-then-gone": "result-unreachable",
  "redirect-loop": "result-unreachable",
  "redirect-nowhere": "result-unreachable",
  "file-truncated": "result-invalid",
  "file-lying-header": "result-invalid",
  "file-html": "result-invalid",
  "file-json": "result-invalid",
  "file-png": "result-invalid",
  "file-zip": "result-invalid",
  "file-empty": "result-invalid",
  "file-gzip": "result-invalid",
  "file-endless-lying": "result-invalid",
  "file-huge": "result-too-large",
  "file-endless-announced": "result-too-large",
  "redirect-http": "result-not-allowed",
  "redirect-loopback": "result-not-allowed",
  "redirect-private": "result-not-allowed",
  "redirect-metadata": "result-not-allowed",
  "redirect-file": "result-not-allowed",
  "url-http": "result-not-allowed",
  "url-private": "result-not-allowed",
  "url-mapped": "result-not-allowed",
  "url-file": "result-not-allowed",
  "url-data": "result-not-allowed",
  "url-foreign": "result-not-allowed",
};

describe("what becomes of a paid result", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let sofa: Buffer;
  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake });
    sofa = await readPhoto("sofa.jpg");
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  /** Creates one generation and waits until the fake has taken it, so that the next one meets its own script. */
  async function start(behaviour: BehaviourName | Behaviour): Promise<string> {
    const before = fake.creates().length;
    fake.script(behaviour);
    const { id } = (await (await postPhoto(app, photoForm(sofa))).json()) as Generation;
    while (fake.creates().length === before) await sleep(20);
    return id;
  }

  /** Creates one generation for each behaviour, and answers their ids in this order once all have been taken. */
  async function startAll(behaviours: (BehaviourName | Behaviour)[]): Promise<string[]> {
    const first = fake.creates().length;
    fake.script(...behaviours);
    const posted: Generation[] = [];
    for (const _ of behaviours) {
      const answer = await postPhoto(app, photoForm(sofa));
      assert.equal(answer.status, 202);
      posted.push((await answer.json()) as Generation);
    }
    const taken = new Map<string, string>();
    for (const { id } of posted) {
      await waitForGeneration(app, id, ({ status }) => !["queued", "submitting"].includes(status));
      taken.set((await rowOf(id)).remoteId!, id);
    }
    return fake
      .creates()
      .slice(first)
      .map(({ id }) => taken.get(String(id))!);
  }

  const rowOf = (id: string) => app.context.records.Generation.findByPk(id, { rejectOnEmpty: true });
  const retry = (id: string, body?: object) =>
    app.request(`/api/v1/generations/${id}/retry`, {
      method: "POST",
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });

  async function assertEndsAs(id: string, expected: Expected, what: string): Promise<void> {
    const done = await waitForGeneration(app, id);
    const { reservedModelId } = await rowOf(id);
    const stored = await readdir(path.join(app.uploads, "models", reservedModelId)).catch(() => []);
    if (expected === "succeeded") {
      assert.equal(done.status, "succeeded", `${what}: ${JSON.stringify(done.error)}`);
      assert.equal(done.retry, null);
      assert.equal(stored.length, 3, what);
      return;
    }
    assert.equal(done.status, "failed", what);
    assert.equal(done.error?.code, expected, `${what}: ${done.error?.message}`);
    assert.ok(done.error?.suggestion, what);
    assert.deepEqual(stored, [], `${what}: something was published`);
    assert.equal((await app.request(`/api/v1/models/${reservedModelId}`)).status, 404);
    const isTooLarge = expected === "result-too-large";
    assert.deepEqual(
      done.retry,
      isTooLarge ? { way: "generate", mayCost: true } : { way: "fetch", mayCost: false },
    );
  }

  it("ends as it must, however the file is served", async () => {
    const before = fake.creates().length;
    const names = Object.keys(SERVED) as BehaviourName[];
    const ids = await startAll(names);
    for (const [index, name] of names.entries()) await assertEndsAs(ids[index], SERVED[name]!, name);
    assert.equal(fake.creates().length, before + names.length, "something was paid for twice");
    const { remoteId } = await rowOf(ids[names.indexOf("range-cut-always")]);
    const pieces = fake.requests.filter(({ path }) => path.startsWith(`/files/${remoteId}`));
    // A connection that is cut before its sixteenth has been read is repeated from the same place.
    assert.equal(new Set(pieces.map(({ headers }) => headers.range)).size, 16);
    assert.equal(
      pieces.filter(({ headers }) => !headers.range).length,
      1,
      "a later try began anew instead of going on",
    );
    assert.deepEqual(fake.keyLeaks(), []);
  });

  it("has a case here, or in the tests of downloads, for every way to serve a file", () => {
    const elsewhere = ["file-cut", "file-hang", "file-short-length", "file-endless", "redirect-localhost"];
    const ofPolls = ["url-late", "url-never", "url-only-preview"];
    const missing = Object.keys(BEHAVIOURS).filter(
      (name) => /^(file|redirect|url)-/.test(name) && !(name in SERVED),
    );
    assert.deepEqual(missing.sort(), [...elsewhere, ...ofPolls].sort());
  });

  it("refuses what is no usable model, in words of the person's language", async () => {
    const results = Object.entries(await makeBadResults());
    const ids = await startAll(results.map(([, content]) => finishedWith(content)));
    for (const [index, [name]] of results.entries()) await assertEndsAs(ids[index], "result-invalid", name);
    const russian = await app.request(`/api/v1/generations/${ids[0]}`, {
      headers: { "accept-language": "ru" },
    });
    const { error } = (await russian.json()) as Generation;
    assert.match(`${error?.message} ${error?.suggestion}`, /^[^a-z]*[а-я]/i);
  });

  it("fetches a broken result again for free before it lets anybody pay again", async () => {
    const broken = (await boxGlb([1, 1, 1])).subarray(0, 200);
    const before = fake.creates().length;
    const id = await start(finishedWith(broken));
    await assertEndsAs(id, "result-invalid", "the first time");
    const requests = fake.requests.length;
    assert.equal((await retry(id)).status, 202);
    await waitForGeneration(app, id);
    assert.ok(fake.requests.slice(requests).some(({ host }) => host === "files"));
    const useless = await waitForGeneration(app, id);
    assert.equal(useless.error?.code, "result-invalid");
    assert.deepEqual(useless.retry, { way: "generate", mayCost: true });
    assert.equal(fake.creates().length, before + 1);

    assert.equal((await retry(id, { way: "fetch", acceptSecondCharge: true })).status, 409);
    const refused = await retry(id);
    assert.equal(refused.status, 409);
    assert.equal(((await refused.json()) as { code: string }).code, "second-charge");
    assert.equal(fake.creates().length, before + 1);

    fake.script("immediate");
    assert.equal((await retry(id, { acceptSecondCharge: true })).status, 202);
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(fake.creates().length, before + 2);
    const audited = await app.context.records.AuditEntry.count({
      where: { subjectId: id, action: "generation.second-charge-accepted" },
    });
    assert.equal(audited, 1);
  });

  it("makes the model of a paid result that was broken only for a while", async () => {
    const good = await boxGlb([1, 1, 1]);
    const broken = good.subarray(0, 200);
    const before = fake.creates().length;
    const id = await start(finishedWith(broken, broken, good));
    await assertEndsAs(id, "result-invalid", "while it is broken");
    assert.equal((await retry(id, { way: "fetch" })).status, 202);
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(fake.creates().length, before + 1);
  });

  it("asks for a fresh address at most once for every try", async () => {
    const id = await start("file-404");
    await assertEndsAs(id, "result-unreachable", "file-404");
    const { remoteId } = await rowOf(id);
    const polls = fake.requests.filter(({ path }) => path.endsWith(`/request/get/${remoteId}`)).length;
    assert.ok(polls <= 5, `${polls} polls`);
    const fetches = fake.requests.filter(({ path }) => path.startsWith(`/files/${remoteId}`)).length;
    assert.ok(fetches <= 5, `${fetches} fetches`);
  });

  it("says of a flat and of a huge model what is wrong with it", async () => {
    for (const [size, remarks] of [
      [[2, 1, 0.01], ["flat"]],
      [[45, 40, 50], ["huge"]],
      [
        [900, 700, 3],
        ["flat", "huge"],
      ],
      [[0.5, 0.4, 0.3], []],
    ] as [[number, number, number], string[]][]) {
      const { modelId } = await waitForGeneration(app, await start(finishedWith(await boxGlb(size))));
      assert.deepEqual((await readModel(app, modelId!)).remarks, remarks);
    }
  });
});
