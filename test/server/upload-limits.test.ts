import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../../server/contract/problem.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { readPhoto } from "../support/client.ts";

const BOUNDARY = "a-boundary-of-tests";
const part = (headers: string, content: string) => `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const field = (name: string, value = "x") => part(`Content-Disposition: form-data; name="${name}"`, value);
const file = (name = "photo", fileName = "a.jpg", more = "") =>
  part(`Content-Disposition: form-data; name="${name}"; filename="${fileName}"${more}`, "no picture");

describe("a body with a file", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const storedFiles = async () => {
    const entries = await readdir(app.uploads, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/owners"));
  };

  async function send(...parts: string[]): Promise<{ status: number; code: string }> {
    const answer = await app.request("/api/v1/generations", {
      method: "POST",
      headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` },
      body: `${parts.join("")}--${BOUNDARY}--\r\n`,
    });
    const { code } = (await answer.json()) as Problem;
    assert.deepEqual(
      (await storedFiles()).map(({ name }) => name),
      [],
    );
    return { status: answer.status, code };
  }

  const MALFORMED = { status: 400, code: "upload-malformed" };

  it("may have few fields, short names and short values", async () => {
    assert.deepEqual(await send(...Array(13).fill(field("tags")), file()), MALFORMED);
    assert.deepEqual(await send(field("x".repeat(101)), file()), MALFORMED);
    assert.deepEqual(await send(field("params", "x".repeat(20_001)), file()), MALFORMED);
    assert.deepEqual(await send(file(), file()), MALFORMED);
    assert.deepEqual(await send(file("photo"), file("image")), MALFORMED);
    assert.deepEqual(await send(file("photo", "x".repeat(20_000))), MALFORMED);
  });

  it("has no nested names, and none that reach into objects", async () => {
    assert.deepEqual(await send(field(`a${"[b]".repeat(20)}`), file()), MALFORMED);
    assert.deepEqual(await send(field("a[b]"), file()), MALFORMED);
    assert.deepEqual(await send(field("a[99999999]"), file()), MALFORMED);
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
      assert.deepEqual(await send(field(name), file()), { status: 400, code: "invalid-request" });
    assert.deepEqual(await send(field("__proto__[isAdmin]"), file()), MALFORMED);
    assert.equal(({} as { isAdmin?: unknown }).isAdmin, undefined);
  });

  it("has parts with few headers, an ending and a boundary", async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `X-Nothing-${index}: x`).join("\r\n");
    const { status } = await send(
      part(`Content-Disposition: form-data; name="photo"; filename="a.jpg"\r\n${many}`, "x"),
    );
    assert.ok(status >= 400 && status < 500, `${status}`);
    const cut = await app.request("/api/v1/generations", {
      method: "POST",
      headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` },
      body: file().slice(0, -20),
    });
    assert.equal(cut.status, 400);
    assert.deepEqual(await storedFiles(), []);
  });

  it("leaves nothing when its sender goes away at any moment", async () => {
    const photo = await readPhoto("sofa.jpg");
    const { port } = new URL(app.url);
    const begin = file().slice(0, file().indexOf("no picture"));
    for (const bytes of [0, 1, 1000, photo.length - 1]) {
      const socket = connect(Number(port), "127.0.0.1");
      const head = [
        "POST /api/v1/generations HTTP/1.1",
        `Host: 127.0.0.1:${port}`,
        `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
        "Transfer-Encoding: chunked",
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n${begin.length.toString(16)}\r\n${begin}\r\n`);
      if (bytes > 0) {
        socket.write(`${bytes.toString(16)}\r\n`);
        socket.write(photo.subarray(0, bytes));
      }
      await sleep(100);
      socket.destroy();
    }
    for (let tries = 0; tries < 100 && (await storedFiles()).length > 0; tries++) await sleep(50);
    assert.deepEqual(await storedFiles(), []);
    assert.equal(await app.context.records.Generation.count(), 0);
    const folders = await readdir(`${app.uploads}/temp`);
    assert.deepEqual(
      folders.filter((name) => !name.startsWith(".")),
      [],
    );
  });
});
