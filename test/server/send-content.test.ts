import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http, { type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import express from "express";
import { sendContent } from "../../server/http/send-content.ts";
import { type ServedFile, sendStored } from "../../server/http/send-stored.ts";
import { createDiskStorage } from "../../server/storage/disk.ts";
import type { Storage } from "../../server/storage/storage.ts";

const KEY = "models/one/model.glb";
/** More than lies in buffers between the two. */
const BYTES = Buffer.alloc(20 * 1024 ** 2, "a model ");
const FILE: ServedFile = {
  key: KEY,
  bytes: BYTES.length,
  sha256: "0".repeat(64),
  mediaType: "model/gltf-binary",
  modifiedAt: new Date(0),
  fileName: "model.glb",
};

describe("content for whoever asked", () => {
  const stack = new AsyncDisposableStack();
  let storage: Storage;

  before(async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "send-content-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    storage = createDiskStorage({ root: folder });
    const local = path.join(folder, "temp/model.glb");
    await writeFile(local, BYTES);
    await storage.publish(KEY, local);
  });
  after(() => stack.disposeAsync());

  async function serving(handler: http.RequestListener) {
    const server: Server = http.createServer(handler).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return {
      url,
      async [Symbol.asyncDispose]() {
        server.close();
        server.closeAllConnections();
      },
    };
  }

  /** One that asks and leaves; what `leave` answers is when. */
  function visit(url: string): { leave: () => void } {
    const request = http.get(url, { agent: false });
    request.on("error", () => {});
    return { leave: () => void request.destroy() };
  }

  it("closes the file, and takes it for no fault, when nobody waits any more once it is open", async () => {
    const opened = Promise.withResolvers<Readable>();
    const sent = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<ServerResponse>();
    const app = express();
    app.get("/", (request, response) => {
      const late: Storage = {
        ...storage,
        async read(key, range) {
          asked.resolve(response);
          if (!response.destroyed) await once(response, "close");
          const content = await storage.read(key, range);
          opened.resolve(content);
          return content;
        },
      };
      sendStored(late, FILE, request, response).then(sent.resolve, sent.reject);
    });
    await using server = await serving(app);
    const visitor = visit(server.url);
    await asked.promise;
    visitor.leave();
    await sent.promise;
    const content = await opened.promise;
    assert.ok(content.destroyed, "else its descriptor stays open, or its connection to a bucket");
    if (!content.closed) await once(content, "close");
  });

  it("closes the file when they leave in the middle of it", async () => {
    const opened = Promise.withResolvers<Readable>();
    const sent = Promise.withResolvers<void>();
    await using server = await serving((_request, response) => {
      const send = async () => {
        const content = await storage.read(KEY);
        opened.resolve(content);
        await sendContent(content, response);
      };
      send().then(sent.resolve, sent.reject);
    });
    const request = http.get(server.url, { agent: false });
    request.on("error", () => {});
    const [response] = await once(request, "response");
    await once(response, "readable");
    request.destroy();
    await sent.promise;
    const content = await opened.promise;
    if (!content.closed) await once(content, "close");
  });

  it("says what went wrong with the content itself", async () => {
    const sent = Promise.withResolvers<unknown>();
    await using server = await serving((_request, response) => {
      const content = Readable.from(
        (async function* () {
          yield "a beginning";
          throw new Error("The disk is gone.");
        })(),
      );
      sendContent(content, response).then(() => sent.resolve(null), sent.resolve);
    });
    visit(server.url);
    assert.match(String(await sent.promise), /The disk is gone/);
  });
});
