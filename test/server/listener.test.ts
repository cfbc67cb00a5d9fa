import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import net, { type AddressInfo } from "node:net";
import { test } from "node:test";
import { assertFree, type Listener, listen } from "../../server/http/listener.ts";
import { until } from "../support/until.ts";

/** Longer than any test: nothing is cut off by time. */
const NEVER = { acceptMs: 0, idleMs: 2 ** 30, hangUpMs: 2 ** 30 };
const AT = { host: "127.0.0.1", port: 0 };

/** A connection as a proxy keeps it, seen byte by byte. */
async function connect({ port }: Listener) {
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  let text = "";
  let error: Error | null = null;
  socket.setEncoding("utf8").on("data", (piece) => (text += piece));
  socket.on("error", (met) => (error = met));
  // Not by once(): it would reject with the error that is to be told.
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  return {
    send: (body: string) => void socket.write(body),
    ask: (path = "/") => void socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`),
    /** The next whole answer. */
    async answer(): Promise<string> {
      await until("an answer has come", () => /\r\n\r\n.*done/s.test(text));
      const found = text;
      text = "";
      return found;
    },
    ended: () => ended.then(() => error),
  };
}

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(false)).on("error", () => resolve(true));
    socket.on("connect", () => socket.destroy());
  });

test("a kept connection may be used once more while the server stops, and is closed with that answer", async () => {
  const listener = await listen((_request, response) => void response.end("done"), AT);
  const client = await connect(listener);
  client.ask();
  assert.doesNotMatch(await client.answer(), /^Connection: close/im);
  const stopped = listener.stop(NEVER);
  await until("nobody new comes in", () => isRefused(listener.port));
  client.ask();
  assert.match(await client.answer(), /^HTTP\/1\.1 200.*^Connection: close/ims);
  assert.equal(await client.ended(), null);
  await stopped;
});

test("a request that is under way when the server stops is answered, and its connection closed", async () => {
  const open = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const listener = await listen(async (request, response) => {
    asked.resolve();
    for await (const _ of request);
    await open.promise;
    response.end("done");
  }, AT);
  const client = await connect(listener);
  client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\nhal");
  await asked.promise;
  const stopped = listener.stop({ ...NEVER, idleMs: 0 });
  await until("nobody new comes in", () => isRefused(listener.port));
  client.send("ves");
  open.resolve();
  assert.match(await client.answer(), /^HTTP\/1\.1 200.*^Connection: close/ims);
  assert.equal(await client.ended(), null);
  await stopped;
});

/** What comes meanwhile waits in the system. */
const standStill = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test("a request that came while the process stood still is answered, though idle connections are to be closed", async () => {
  const listener = await listen((_request, response) => void response.end("done"), AT);
  const client = await connect(listener);
  client.ask();
  await client.answer();
  // From here timers that are due come before what was sent.
  await new Promise((resolve) => setImmediate(resolve));
  const stopped = listener.stop({ ...NEVER, idleMs: 50 });
  client.ask();
  standStill(100);
  assert.match(await client.answer(), /^HTTP\/1\.1 200.*^Connection: close/ims);
  assert.equal(await client.ended(), null);
  await stopped;
});

test("before it stops to listen every answer asks for a new connection, which is still let in", async () => {
  const listener = await listen((_request, response) => void response.end("done"), AT);
  const kept = await connect(listener);
  kept.ask();
  await kept.answer();
  listener.drain();
  kept.ask();
  assert.match(await kept.answer(), /^Connection: close/im);
  assert.equal(await kept.ended(), null);
  const fresh = await connect(listener);
  fresh.ask();
  assert.match(await fresh.answer(), /^HTTP\/1\.1 200.*^Connection: close/ims);
  await listener.stop(NEVER);
});

test("connections without a request end after their time, and requests without an end after theirs", async () => {
  const asked = Promise.withResolvers<void>();
  const listener = await listen((request, response) => {
    if (request.url === "/") response.end("done");
    else asked.resolve();
  }, AT);
  const idle = await connect(listener);
  idle.ask();
  await idle.answer();
  const endless = await connect(listener);
  endless.ask("/endless");
  await asked.promise;
  await listener.stop({ acceptMs: 0, idleMs: 10, hangUpMs: 20 });
  assert.equal(await idle.ended(), null);
  await endless.ended();
});

test("a connection on which nothing ever came, as browsers open in advance, holds up no stop", async () => {
  const listener = await listen((_request, response) => void response.end("done"), AT);
  const silent = await connect(listener);
  // Who comes later is let in later, so the silent one is in.
  const other = await connect(listener);
  other.ask();
  await other.answer();
  await listener.stop({ ...NEVER, idleMs: 0 });
  assert.equal(await silent.ended(), null);
});

test("an address that is taken, or of another machine, is told without listening at it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  for (const host of ["127.0.0.1", "0.0.0.0", "localhost"]) {
    await assert.rejects(assertFree({ host, port }), { code: "EADDRINUSE" }, host);
  }
  await assert.rejects(
    listen(() => {}, { host: "127.0.0.1", port }),
    { code: "EADDRINUSE" },
  );
  other.close();
  other.closeAllConnections();
  await once(other, "close");
  await assertFree({ host: "127.0.0.1", port });
  await assertFree(AT);
  await assert.rejects(assertFree({ host: "203.0.113.7", port: 0 }), { code: "EADDRNOTAVAIL" });
});

test("an address that is taken is told by a process that stood still while it asked", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close().closeAllConnections());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { connect } = net;
  t.mock.method(net, "connect", (options: net.NetConnectOpts) => {
    // Longer than an answer is waited for.
    process.nextTick(standStill, 1200);
    return connect(options);
  });
  await assert.rejects(assertFree({ host: "127.0.0.1", port }), { code: "EADDRINUSE" });
});
