import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import express from "express";
import { type EventStream, openEventStream } from "../../server/http/event-stream.ts";
import { startTestApp } from "../support/app.ts";

it("is closed at once where the client has gone before it was opened", async () => {
  const opened = Promise.withResolvers<EventStream>();
  const routes = express().get("/", (request, response) => {
    const draining = new AbortController().signal;
    response.once("close", () => opened.resolve(openEventStream(request, response, draining)));
    client.destroy();
  });
  const server = createServer(routes);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = httpRequest({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  client.on("error", () => undefined);
  client.end();
  const stream = await opened.promise;
  assert.equal(stream.closed.aborted, true);
  server.close();
});

it("writes nothing more once it was ended, however long its reader takes", async () => {
  const errors: unknown[] = [];
  const routes = express().get("/", (request, response) => {
    response.on("error", (error) => errors.push(error));
    const stream = openEventStream(request, response, new AbortController().signal);
    stream.send("first", "1", null);
    stream.end();
    assert.equal(stream.closed.aborted, false);
    stream.send("late", "2", null);
  });
  const server = createServer(routes);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const text = await response.text();
  server.close();
  assert.equal(text, "event: first\nid: 1\ndata: null\n\n");
  assert.deepEqual(errors, []);
});

it("ends at once while the server drains, so that it can stop", async () => {
  const app = await startTestApp();
  app.context.drain();
  const response = await fetch(`${app.url}/api/v1/generations/events`, {
    signal: AbortSignal.timeout(120_000),
  });
  await response.text();
  await app.dispose();
});
