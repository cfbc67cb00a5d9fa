import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import compression from "compression";
import express from "express";
import { beforeEnd } from "../../server/http/before-end.ts";
import { errorMapper } from "../../server/http/error-mapper.ts";
import type { Logger } from "../../server/logger.ts";

const LONG = { text: "a word and another ".repeat(500) };

describe("work before the end of an answer", () => {
  let address: string;
  let begun: PromiseWithResolvers<void>;
  let gate: PromiseWithResolvers<void>;
  let runs: number;
  let errors: unknown[];
  const logger = { error: (_: string, facts: unknown) => errors.push(facts), warn() {} } as unknown as Logger;
  const app = express();
  app.use(compression());
  app.use((_request, response, next) => {
    beforeEnd(response, async () => {
      runs += 1;
      begun.resolve();
      await gate.promise;
    });
    next();
  });
  app.post("/made", (_request, response) => void response.status(201).json(LONG));
  app.post("/gone", (_request, response) => void response.status(204).end());
  app.post("/late", (_request, response) => {
    response.status(201).json(LONG);
    throw new Error("It fails after it has answered");
  });
  app.post("/never", () => {});
  app.use(errorMapper(logger));
  const server = createServer({ keepAliveTimeout: 0 }, app);

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    begun = Promise.withResolvers();
    gate = Promise.withResolvers();
    runs = 0;
    errors = [];
  });

  /** Whether the answer has come at all before the gate opens; then the answer. */
  async function ask(path: string, headers: Record<string, string>) {
    let hasCome = false;
    const answering = fetch(address + path, { method: "POST", headers }).then((answer) => {
      hasCome = true;
      return answer;
    });
    await begun.promise;
    assert.equal(hasCome, false);
    gate.resolve();
    const answer = await answering;
    return { answer, text: await answer.text() };
  }

  for (const encoding of ["identity", "gzip"]) {
    it(`holds it whole until the work is done, ${encoding}`, async () => {
      const { answer, text } = await ask("/made", { "Accept-Encoding": encoding });
      assert.equal(answer.status, 201);
      assert.deepEqual(JSON.parse(text), LONG);
      assert.equal(runs, 1);
    });
  }

  it("holds one without a body too", async () => {
    const { answer, text } = await ask("/gone", {});
    assert.deepEqual([answer.status, text, runs], [204, "", 1]);
  });

  it("lets nothing that fails later spoil the answer", async () => {
    const { answer, text } = await ask("/late", { "Accept-Encoding": "identity" });
    assert.equal(answer.status, 201);
    assert.deepEqual(JSON.parse(text), LONG);
    assert.equal(errors.length, 1, "it is in the log");
  });

  it("runs once where nobody waits for an answer any more", async () => {
    const arrived = once(server, "request");
    const asking = request(`${address}/never`, { method: "POST" });
    asking.on("error", () => {});
    asking.end();
    await arrived;
    asking.destroy();
    await begun.promise;
    assert.equal(runs, 1);
  });
});
