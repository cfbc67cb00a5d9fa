import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { after, before, describe, it, type TestContext } from "node:test";
import tls from "node:tls";
import { generate } from "selfsigned";
import { postWebhook } from "../../server/jobs/webhook-request.ts";
import { checkNewWebhookUrl } from "../../server/services/webhook-target.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { freePort } from "../support/server-process.ts";
import { sendJson } from "../support/webhook-client.ts";
import { type Receiver, startReceiver } from "../support/webhook-receiver.ts";

const NAME = "hooks.example.com";

/** A resolver whose answers, one list for each question, say where a name leads. */
function leadingTo(...answers: string[][]): LookupFunction {
  let asked = 0;
  return (_name, options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)];
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    if (options.all) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  };
}

/** A receiver on loopback that has no business to be asked, and one with a certificate for `NAME`. */
let canary: Receiver;
let secure: Receiver;
const usualAuthorities = tls.getCACertificates("default");
before(async () => {
  const altNames = [{ type: 2 as const, value: NAME }];
  const { private: key, cert } = await generate([{ name: "commonName", value: NAME }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  tls.setDefaultCACertificates([...usualAuthorities, cert]);
  canary = await startReceiver();
  secure = await startReceiver({ key, cert });
});
after(async () => {
  tls.setDefaultCACertificates(usualAuthorities);
  await canary.dispose();
  await secure.dispose();
});

/** A request whose time is over once the beginning of an answer has come, however long that takes. */
async function timingOutAfterAnswer<T>(
  t: TestContext,
  request: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const timeoutMs = 12_345;
  const over = new AbortController();
  const usual = AbortSignal.timeout;
  t.mock.method(AbortSignal, "timeout", (ms: number) =>
    ms === timeoutMs ? over.signal : usual.call(AbortSignal, ms),
  );
  const end = () => void setImmediate(() => over.abort(new DOMException("over", "TimeoutError")));
  subscribe("http.client.response.finish", end);
  try {
    return await request(timeoutMs);
  } finally {
    unsubscribe("http.client.response.finish", end);
  }
}

const INSIDE = [
  "127.0.0.1",
  "10.0.0.1",
  "169.254.169.254",
  "192.168.1.1",
  "172.16.0.1",
  "100.64.0.1",
  "0.0.0.0",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
  "fe80::1",
  "fd00::1",
];

describe("registering a webhook", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);
  for (const url of [
    ...INSIDE.map((address) => `https://${bracketed(address)}/hook`),
    "https://localhost/hook",
    "https://api.localhost/hook",
    "https://localhost./hook",
    "https://2130706433/hook",
    "https://0x7f.1/hook",
    "https://user:word@hooks.example.com/hook",
    "http://hooks.example.com/hook",
  ]) {
    it(`refuses ${url}`, async () => {
      const body = { url, eventTypes: ["model.created"] };
      const response = await sendJson(app, "POST", "/api/v1/webhooks", body);
      assert.equal(response.status, 422);
      assert.equal(((await response.json()) as { code: string }).code, "webhook-url-not-allowed");
    });
  }

  it("refuses what is no web address, no known event, or none", async () => {
    const url = "https://hooks.example.com/";
    for (const body of [
      { url: "ftp://hooks.example.com/", eventTypes: ["model.created"] },
      { url: "hooks", eventTypes: ["model.created"] },
      { url, eventTypes: [] },
      { url, eventTypes: ["model.deleted"] },
      { url, eventTypes: ["model.created"], secret: "whsec_mine" },
    ]) {
      const response = await sendJson(app, "POST", "/api/v1/webhooks", body);
      assert.equal(response.status, 400, JSON.stringify(body));
    }
  });

  it("refuses a name with any address inside, and takes one that can't be resolved yet", async () => {
    const check = (lookup: LookupFunction) =>
      checkNewWebhookUrl(`https://${NAME}/`, { allowedHosts: [], lookup });
    for (const address of INSIDE) {
      await assert.rejects(check(leadingTo(["8.8.8.8", address])), /webhook-url-not-allowed/, address);
    }
    await check(leadingTo(["8.8.8.8", "2606:4700:4700::1111"]));
    await check((_name, _options, callback) =>
      callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []),
    );
  });
});

describe("an attempt", () => {
  const post = (url: string, rules: Partial<Parameters<typeof postWebhook>[1]> = {}, timeoutMs = 60_000) =>
    postWebhook(
      { url, headers: {}, body: "{}", timeoutMs, signal: AbortSignal.timeout(240_000) },
      { allowedHosts: [], ...rules },
    );
  const portOf = ({ url }: Receiver) => new URL(url).port;

  it("reaches no address inside, whatever the name led to at the registration", async () => {
    const url = `https://${NAME}:${portOf(secure)}/`;
    for (const address of INSIDE) {
      const lookup = leadingTo(["8.8.8.8"], [address]);
      await checkNewWebhookUrl(url, { allowedHosts: [], lookup });
      const outcome = await post(url, { lookup });
      assert.equal(outcome.error, "address-not-allowed", address);
    }
    for (const target of [`https://127.0.0.1:${portOf(secure)}/`, `${canary.url}/`, "https://[::1]/"]) {
      assert.equal((await post(target)).error, "address-not-allowed", target);
    }
    assert.equal(secure.received.length, 0);
    assert.equal(canary.received.length, 0);
  });

  it("speaks TLS with a checked certificate, also to hosts of the own network", async () => {
    const rules = { allowedHosts: [NAME, "other.example.com"], lookup: leadingTo(["127.0.0.1"]) };
    assert.equal((await post(`https://${NAME}:${portOf(secure)}/`, rules)).status, 204);
    assert.equal((await post(`https://other.example.com:${portOf(secure)}/`, rules)).error, "tls-failed");
    assert.equal(secure.received.length, 1);
  });

  it("reads how long the receiver wants to be left alone", async () => {
    const rules = { allowedHosts: ["127.0.0.1"] };
    const answers = { "120": 120, "Sat, 21 Nov 2026 10:01:00 GMT": 60, soon: null };
    for (const [value, seconds] of Object.entries(answers)) {
      const headers = { "Retry-After": value, Date: "Sat, 21 Nov 2026 10:00:00 GMT" };
      canary.answerWith((_received, response) => response.writeHead(503, headers).end());
      assert.equal((await post(canary.url, rules)).retryAfterSeconds, seconds, value);
    }
  });

  it("says what went wrong", async (t) => {
    const rules = { allowedHosts: ["127.0.0.1"] };
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    assert.equal((await post(nobody, rules)).error, "connection-refused");
    canary.answerWith((_received, response) => response.destroy());
    assert.equal((await post(canary.url, rules)).error, "connection-broken");
    canary.answerWith(() => undefined);
    assert.equal((await post(canary.url, rules, 300)).error, "timeout");
    canary.answerWith((_received, response) => response.writeHead(200).write("slow\0ly"));
    const { status, answer } = await timingOutAfterAnswer(t, (timeoutMs) =>
      post(canary.url, rules, timeoutMs),
    );
    assert.deepEqual({ status, answer }, { status: 200, answer: "slow\uFFFDly" });
    const unknown = await post(`https://${NAME}/`, {
      lookup: (_name, _options, callback) =>
        callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []),
    });
    assert.equal(unknown.error, "name-not-found");
  });
});
