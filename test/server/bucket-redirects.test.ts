import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { bucketSettings } from "../support/backup/bucket-settings.ts";
import { type S3Server, startS3Server } from "../support/backup/s3-server.ts";
import { sha256Of } from "../support/sha256.ts";
import { importBox, shareModel } from "../support/share-client.ts";

describe("downloads from the bucket itself", () => {
  let server: S3Server;
  let app: TestApp;
  let model: Model;
  before(async () => {
    server = await startS3Server({ buckets: ["files"] });
    app = await startTestApp({
      env: { ...bucketSettings(server, { bucket: "files" }), S3_DOWNLOADS: "redirect" },
    });
    model = await importBox(app, "Ящик");
  });
  after(async () => {
    await app.dispose();
    await server.close();
  });

  /** `fetch` would say itself how it asks. */
  const ask = (url: string, headers: http.OutgoingHttpHeaders = {}, method = "GET") =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = http.request(app.url + url, { method, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer);
      });
      request.on("error", reject).end();
    });
  const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140" };

  it("are for programs and opened addresses", async () => {
    const { url, sha256 } = model.files.glb!;
    for (const headers of [{ "User-Agent": "curl/8" }, { ...BROWSER, "Sec-Fetch-Mode": "navigate" }]) {
      const answer = await ask(url, headers);
      assert.equal(answer.statusCode, 302);
      assert.equal(answer.headers["cache-control"], "private, no-store");
      assert.equal(answer.headers.etag, undefined);
      const content = await fetch(answer.headers.location as string);
      assert.equal(sha256Of(Buffer.from(await content.arrayBuffer())), sha256);
      assert.equal(content.headers.get("content-type"), "model/gltf-binary");
      assert.match(
        content.headers.get("content-disposition") ?? "",
        /^attachment; .*filename\*=UTF-8''%D0%AF/,
      );
    }
    assert.equal((await ask(model.exports.stl!.url)).statusCode, 302);
  });

  it("are not for what a page fetches, parts, questions, and share links", async () => {
    const { url, sha256 } = model.files.glb!;
    assert.equal((await ask(url, { ...BROWSER, "Sec-Fetch-Mode": "cors" })).statusCode, 200);
    assert.equal((await ask(url, { ...BROWSER, "Sec-Fetch-Mode": "no-cors" })).statusCode, 200);
    assert.equal((await ask(url, BROWSER)).statusCode, 200);
    assert.equal((await ask(url, {}, "HEAD")).statusCode, 200);
    assert.equal((await ask(url, { Range: "bytes=0-3" })).statusCode, 206);
    assert.equal((await ask(url, { "If-None-Match": `"${sha256}"` })).statusCode, 304);
    const share = await shareModel(app, model.id);
    const shared = `${new URL(share.url).pathname}/model.glb`;
    assert.equal((await ask(shared, { ...BROWSER, "Sec-Fetch-Mode": "navigate" })).statusCode, 200);
    const revoked = await app.request(`/api/v1/shares/${share.id}`, { method: "DELETE" });
    assert.ok(revoked.ok);
    assert.equal((await ask(shared)).statusCode, 404);
  });
});
