import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
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

  /** Sends a form up to so many bytes of its file, and goes away in the middle of it at that moment. */
  async function sendAndLeave(content: Uint8Array, moment: () => Promise<unknown>): Promise<void> {
    const { port } = new URL(app.url);
    const begin = file().slice(0, file().indexOf("no picture"));
    const head = [
      "POST /api/v1/generations HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
      "Transfer-Encoding: chunked",
    ];
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`${head.join("\r\n")}\r\n\r\n${begin.length.toString(16)}\r\n${begin}\r\n`);
    if (content.length > 0) {
      socket.write(`${content.length.toString(16)}\r\n`);
      socket.write(content);
    }
    await moment();
    socket.destroy();
  }

  /** Workspaces in the order of their opening, with what has become of them. */
  function watchWorkspaces(t: TestContext) {
    const { storage } = app.context;
    const opened: { path: string; isDisposed: boolean }[] = [];
    const open = storage.workspace;
    t.mock.method(storage, "workspace", async (name?: string) => {
      const workspace = await open(name);
      const seen = { path: workspace.path, isDisposed: false };
      opened.push(seen);
      const dispose = () => workspace.dispose().finally(() => (seen.isDisposed = true));
      return { ...workspace, dispose };
    });
    return opened;
  }

  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await sleep(5);
  };

  async function assertNothingIsLeft(): Promise<void> {
    assert.deepEqual(await storedFiles(), []);
    assert.equal(await app.context.records.Generation.count(), 0);
    const folders = await readdir(`${app.uploads}/temp`);
    assert.deepEqual(
      folders.filter((name) => !name.startsWith(".")),
      [],
    );
  }

  it("leaves nothing when its sender goes away at any moment", async (t) => {
    const workspaces = watchWorkspaces(t);
    const photo = await readPhoto("sofa.jpg");
    for (const [index, bytes] of [0, 1, 1000, photo.length - 1].entries()) {
      // Before its first bytes no file is opened, and what could begin the boundary is kept back.
      const hasCome = async () => {
        const workspace = workspaces[index]?.path;
        if (!workspace || bytes < 1000) return workspace !== undefined;
        const upload = await stat(path.join(workspace, "upload")).catch(() => null);
        return upload !== null && upload.size >= bytes - 100;
      };
      await sendAndLeave(photo.subarray(0, bytes), () => until(hasCome));
      await until(() => workspaces[index].isDisposed);
    }
    await assertNothingIsLeft();
  });

  it("leaves nothing either when its sender goes away before anybody looks at it", async (t) => {
    const workspaces = watchWorkspaces(t);
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    t.mock.method(app.context.quota, "refuseFull", () => {
      asked.resolve();
      return left.promise;
    });
    const timesLeft = () => app.lines.filter(({ aborted }) => aborted).length;
    const before = timesLeft();
    await sendAndLeave(new Uint8Array(1000), () => asked.promise);
    await until(() => timesLeft() > before);
    left.resolve();
    await until(() => workspaces.length === 1 && workspaces[0].isDisposed);
    await assertNothingIsLeft();
  });
});
