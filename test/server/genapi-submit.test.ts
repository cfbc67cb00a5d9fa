import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it, type TestContext } from "node:test";
import { inspect } from "node:util";
import { createGenapiProvider } from "../../server/providers/genapi/provider.ts";
import type { SubmitInput, SubmitOutcome } from "../../server/providers/provider.ts";
import type { BehaviourName } from "../support/fake-genapi/behaviours.ts";
import { startGenapi, timeOut } from "../support/genapi-harness.ts";

type Kind = SubmitOutcome["kind"];
type Expected = Partial<{ code: string; retryable: boolean; retryAfterSeconds: number | null }>;

/** Behaviour of the remote side → what it must count as. `paid`: whether the fake took (and charged) the call. */
const TABLE: [BehaviourName, Kind, { paid: 0 | 1 } & Expected][] = [
  ["ok", "accepted", { paid: 1 }],
  ["create-201", "accepted", { paid: 1 }],
  ["create-id-string", "accepted", { paid: 1 }],
  ["create-id-only", "accepted", { paid: 1 }],
  ["create-success-without-url", "accepted", { paid: 1 }],
  ["immediate", "finished", { paid: 1 }],
  ["create-id-missing", "unknown", { paid: 1 }],
  ["create-hang", "unknown", { paid: 1 }],
  ["create-hang-in-json", "unknown", { paid: 1 }],
  ["create-reset", "unknown", { paid: 1 }],
  ["create-html-200", "unknown", { paid: 1 }],
  ["create-html-502", "unknown", { paid: 1 }],
  ["create-malformed-json", "unknown", { paid: 1 }],
  ["create-empty", "unknown", { paid: 1 }],
  ["create-500", "unknown", { paid: 1 }],
  ["create-503", "unknown", { paid: 1 }],
  ["unauthorized", "refused", { paid: 0, code: "provider-unauthorized", retryable: false }],
  ["balance-too-low", "refused", { paid: 0, code: "provider-balance", retryable: true }],
  ["forbidden", "refused", { paid: 0, code: "provider-forbidden", retryable: false }],
  ["network-missing", "refused", { paid: 0, code: "unknown-network", retryable: false }],
  ["network-missing-html", "refused", { paid: 0, code: "provider-unreachable", retryable: false }],
  ["bad-request", "refused", { paid: 0, code: "provider-rejected", retryable: false }],
  ["invalid-genapi", "refused", { paid: 0, code: "provider-rejected", retryable: false }],
  ["invalid-laravel", "refused", { paid: 0, code: "provider-rejected", retryable: false }],
  ["create-redirect", "refused", { paid: 0, code: "provider-unreachable", retryable: false }],
  ["create-redirect-302", "unknown", { paid: 0 }],
  ["busy-419", "back-off", { paid: 0, code: "provider-busy", retryAfterSeconds: null }],
  ["busy-419-seconds", "back-off", { paid: 0, code: "provider-busy", retryAfterSeconds: 7 }],
  ["busy-429", "back-off", { paid: 0, code: "provider-busy", retryAfterSeconds: null }],
  ["busy-429-seconds", "back-off", { paid: 0, code: "provider-busy", retryAfterSeconds: 7 }],
];

describe("what a create call's end means", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  before(async () => {
    harness = await startGenapi();
  });
  after(() => harness.dispose());
  beforeEach(() => harness.fake.script("ok"));

  const send = (input: SubmitInput) =>
    harness.provider.submit(input, { signal: new AbortController().signal, onProgress() {} });

  async function endless(t: TestContext, input: SubmitInput): Promise<SubmitOutcome> {
    const hasArrived = () => harness.fake.createsPerPhoto().has(input.photo.sha256);
    const { outcome, milliseconds } = await timeOut(t, () => send(input), hasArrived);
    assert.deepEqual(milliseconds, [180_000], "a photo takes its time");
    return outcome;
  }

  for (const [behaviour, kind, { paid, ...expected }] of TABLE) {
    it(`${behaviour} → ${kind}`, async (t) => {
      harness.fake.script(behaviour);
      const input = await harness.makeInput();
      const outcome = await (behaviour.includes("hang") ? endless(t, input) : send(input));
      assert.equal(outcome.kind, kind, inspect(outcome));
      assert.equal(harness.fake.createsPerPhoto().get(input.photo.sha256) ?? 0, paid);
      for (const [field, value] of Object.entries(expected)) {
        assert.equal(outcome[field as keyof SubmitOutcome], value, inspect(outcome));
      }
    });
  }

  for (const behaviour of ["busy-419-date", "busy-429-date"] as const) {
    it(`reads a Retry-After that is a date: ${behaviour}`, async () => {
      harness.fake.script(behaviour);
      const outcome = await harness.submit();
      assert.equal(outcome.kind, "back-off");
      assert.ok(outcome.retryAfterSeconds !== null && outcome.retryAfterSeconds > 0);
      assert.ok(outcome.retryAfterSeconds <= 30);
    });
  }

  it("quotes what the provider objects to, in both validation shapes", async () => {
    harness.fake.script("invalid-genapi", "invalid-laravel");
    const [first, second] = [await harness.submit(), await harness.submit()];
    assert.ok(first.kind === "refused" && second.kind === "refused");
    assert.match(first.message, /image_url: Файл должен быть изображением/);
    assert.match(second.message, /image_url: The image url field is required/);
  });

  it("takes the result, the cost and the id of an immediate success", async () => {
    harness.fake.script("immediate");
    const outcome = await harness.submit();
    assert.equal(outcome.kind, "finished");
    assert.equal(outcome.remoteId, String(harness.fake.creates().at(-1)?.id));
    assert.equal(outcome.result.costRoubles, 17);
    assert.deepEqual(outcome.result.location, {
      kind: "url",
      url: `${harness.fake.fileUrl}/files/${outcome.remoteId}.glb`,
    });
  });

  it("refuses a photo that is gone without asking GenAPI", async () => {
    const requests = harness.fake.requests.length;
    const outcome = await harness.submit({
      photo: { path: "/nowhere/x.jpg", mediaType: "image/jpeg", sha256: "" },
    });
    assert.ok(outcome.kind === "refused" && outcome.code === "file-missing");
    assert.equal(harness.fake.requests.length, requests);
  });

  it("never repeats the key, even when GenAPI echoes it", async () => {
    harness.fake.script("echoes-key");
    const outcome = await harness.submit();
    assert.equal(outcome.kind, "refused");
    assert.ok(!inspect(outcome, { depth: 9 }).includes(harness.fake.key), inspect(outcome));
  });
});

describe("what a create call carries", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  before(async () => {
    harness = await startGenapi();
  });
  after(() => harness.dispose());

  it("sends the photo's bytes under the network's field and leaves out what is null", async () => {
    const input = await harness.makeInput({
      params: { seed: null, flag: true, off: false, texture_size: 2048 },
    });
    await harness.provider.submit(input, { signal: AbortSignal.timeout(60_000), onProgress() {} });
    const create = harness.fake.creates().at(-1);
    assert.equal(create?.photoSha256, input.photo.sha256);
    assert.equal(create?.network, "trellis");
    assert.deepEqual(create?.fields, { flag: "1", off: "0", texture_size: "2048" });
    const request = harness.fake.requests.at(-1);
    assert.equal(request?.headers.accept, "application/json");
    assert.match(request?.headers["content-type"] ?? "", /^multipart\/form-data; boundary=/);
    assert.ok(Number(request?.headers["content-length"]) > 2000);
  });

  it("passes the callback address on", async () => {
    await harness.submit({ callbackUrl: "https://example.com/hooks/genapi/abc" });
    assert.equal(harness.fake.creates().at(-1)?.callbackUrl, "https://example.com/hooks/genapi/abc");
  });

  it("trims the key", async () => {
    const provider = createGenapiProvider({ ...harness.options, apiKey: `  ${harness.fake.key}\n` });
    const outcome = await provider.submit(await harness.makeInput(), {
      signal: AbortSignal.timeout(60_000),
      onProgress() {},
    });
    assert.equal(outcome.kind, "accepted");
  });
});
