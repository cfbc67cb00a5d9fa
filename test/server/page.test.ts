import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import express from "express";
import { errorMapper } from "../../server/http/error-mapper.ts";
import { pageRouter } from "../../server/http/page.ts";
import { createLogger } from "../../server/logger.ts";

const BUILT = path.resolve(import.meta.dirname, "../../web/dist");

describe("the built page", () => {
  let folder: string;
  let url: string;
  const server = createServer({ keepAliveTimeout: 0 });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "page-"));
    await cp(BUILT, folder, { recursive: true });
    const app = express();
    app.use(
      pageRouter(folder, async () => ({
        status: 200,
        modules: ["viewer"],
        fetches: ["/api/v1/models/1/files/model.glb"],
        images: ["/api/v1/models/1/files/thumbnail.webp"],
      })),
    );
    app.use(errorMapper(createLogger({ level: "error", json: true, folder: null })));
    server.on("request", app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  const scriptOf = (html: string) => /src="(\/assets\/[^"]+\.js)"/.exec(html)![1];

  it("sends hashed files compressed and for ever, HTML fresh", async () => {
    const home = await fetch(`${url}/`);
    assert.equal(home.headers.get("cache-control"), "no-cache");
    const script = await fetch(url + scriptOf(await home.text()), {
      headers: { "Accept-Encoding": "gzip, br" },
    });
    assert.equal(script.headers.get("content-encoding"), "br");
    assert.match(script.headers.get("content-type") ?? "", /javascript/);
    assert.match(script.headers.get("cache-control") ?? "", /immutable/);
    assert.match(await script.text(), /\w/);
    assert.equal((await fetch(`${url}/.vite/manifest.json`)).status, 404);
  });

  it("lets a model's page fetch the picture, the viewer and the GLB at once", async () => {
    const html = await (await fetch(`${url}/models/1`)).text();
    assert.match(
      html,
      /<link rel="preload" href="\/api\/v1\/models\/1\/files\/thumbnail.webp" as="image" fetchpriority="high">/,
    );
    assert.match(
      html,
      /<link rel="preload" href="\/api\/v1\/models\/1\/files\/model.glb" as="fetch" crossorigin>/,
    );
    assert.match(html, /<link rel="modulepreload" href="\/assets\/viewer-[^"]+\.js">/);
    assert.ok(!(await (await fetch(`${url}/models`)).text()).includes("model.glb"));
  });

  it("survives a rebuild that takes files away under it", async () => {
    const script = scriptOf(await (await fetch(`${url}/`)).text());
    await rm(path.join(folder, "assets"), { recursive: true });
    for (const encoding of ["identity", "gzip", "br"]) {
      const gone = await fetch(url + script, { headers: { "Accept-Encoding": encoding } });
      assert.deepEqual([gone.status, gone.headers.get("content-encoding")], [404, null], encoding);
      assert.equal(((await gone.json()) as { code: string }).code, "not-found");
    }
    assert.equal((await fetch(`${url}/`)).status, 200);
  });
});
