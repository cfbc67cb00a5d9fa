import assert from "node:assert/strict";
import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { normalizeBaseUrl } from "../../server/providers/genapi/base-url.ts";
import { createGenapiProvider } from "../../server/providers/genapi/provider.ts";
import { startGenapi } from "../support/genapi-harness.ts";
import { until } from "../support/until.ts";

/** A port of this machine that takes connections and does with them what it is told. */
async function listenRaw(onConnection: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

describe("whether a failed create call may have left", () => {
  let harness: Awaited<ReturnType<typeof startGenapi>>;
  before(async () => {
    harness = await startGenapi();
  });
  after(() => harness.dispose());

  async function submitTo(baseUrl: string, requestTimeoutSeconds = 60) {
    const provider = createGenapiProvider({ ...harness.options, baseUrl, requestTimeoutSeconds });
    const hooks = { signal: new AbortController().signal, onProgress() {} };
    return provider.submit(await harness.makeInput(), hooks);
  }

  it("a refused connection is proven unsent", async () => {
    // No test listens there: a port that was just let go might be somebody else's by now.
    const outcome = await submitTo("http://127.0.0.1:1/api/v1");
    assert.ok(outcome.kind === "unsent" && outcome.code === "provider-unreachable", JSON.stringify(outcome));
    assert.match(outcome.message, /ECONNREFUSED/);
  });

  it("a name that does not resolve is proven unsent", async () => {
    const outcome = await submitTo("https://genapi.invalid/api/v1");
    assert.equal(outcome.kind, "unsent", JSON.stringify(outcome));
  });

  it("a TLS handshake that fails is proven unsent", async () => {
    const server = await listenRaw((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const outcome = await submitTo(`https://127.0.0.1:${server.port}/api/v1`);
    await server.close();
    assert.equal(outcome.kind, "unsent", JSON.stringify(outcome));
  });

  it("a TLS handshake that never ends is proven unsent", async () => {
    const server = await listenRaw(() => {});
    const outcome = await submitTo(`https://127.0.0.1:${server.port}/api/v1`, 0.1);
    await server.close();
    assert.ok(outcome.kind === "unsent" && /no answer within/.test(outcome.message), JSON.stringify(outcome));
  });

  it("a connection that breaks after it stood is unknown", async () => {
    const server = await listenRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const outcome = await submitTo(`http://127.0.0.1:${server.port}/api/v1`);
    await server.close();
    assert.equal(outcome.kind, "unknown", JSON.stringify(outcome));
  });

  it("an abort rejects with its reason", async () => {
    harness.fake.script("create-hang");
    const controller = new AbortController();
    const input = await harness.makeInput();
    const running = harness.provider.submit(input, { signal: controller.signal, onProgress() {} });
    const hasArrived = () => harness.fake.createsPerPhoto().has(input.photo.sha256);
    await until("the fake has it", hasArrived);
    controller.abort(new Error("stop"));
    await assert.rejects(running, /^Error: stop$/);
  });
});

describe("the API's address", () => {
  it("corrects the host that answers with web pages, with one warning", () => {
    const warnings: string[] = [];
    const options = { apiKey: "x", resultHosts: [], concurrency: 1 };
    createGenapiProvider({
      ...options,
      baseUrl: "https://gen-api.ru/api/v1/",
      logger: { warn: (message) => void warnings.push(message) },
    });
    assert.equal(warnings.length, 1);
    assert.equal(normalizeBaseUrl("https://gen-api.ru/api/v1/").baseUrl, "https://api.gen-api.ru/api/v1");
  });

  it("keeps every other host and drops slashes at the end", () => {
    assert.deepEqual(normalizeBaseUrl("https://api.gen-api.ru/api/v1//"), {
      baseUrl: "https://api.gen-api.ru/api/v1",
      warning: null,
    });
  });

  it("never lets the key travel in clear", () => {
    assert.throws(() => normalizeBaseUrl("http://api.gen-api.ru/api/v1"), /GENAPI_BASE_URL/);
    assert.throws(() => normalizeBaseUrl("http://127.0.0.1.example.com/"), /GENAPI_BASE_URL/);
    assert.equal(normalizeBaseUrl("http://127.0.0.1:3999/api/v1").baseUrl, "http://127.0.0.1:3999/api/v1");
  });
});
