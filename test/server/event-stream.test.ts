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

it("ends at once while the server drains, so that it can stop", async () => {
  const app = await startTestApp();
  app.context.drain();
  const response = await fetch(`${app.url}/api/v1/generations/events`, {
    signal: AbortSignal.timeout(10_000),
  });
  await response.text();
  await app.dispose();
});
