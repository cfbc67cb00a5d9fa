import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, it } from "node:test";
import { createServer as createVite, type ViteDevServer } from "vite";
import { freePort } from "../support/server-process.ts";

const CONFIG = path.resolve(import.meta.dirname, "../../web/vite.config.ts");

let api: Server;
let vite: ViteDevServer;
let url: string;
before(async () => {
  api = createServer((request, response) => response.end(JSON.stringify(request.headers)));
  await once(api.listen(0, "127.0.0.1"), "listening");
  process.env.DEV_API_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const port = await freePort();
  vite = await createVite({
    configFile: CONFIG,
    logLevel: "silent",
    // The page itself is not asked for.
    optimizeDeps: { noDiscovery: true },
    server: { port, ws: false, watch: null },
  });
  await vite.listen();
  url = vite.resolvedUrls!.local[0];
});
after(async () => {
  delete process.env.DEV_API_URL;
  await vite?.close();
  api?.closeAllConnections();
  api?.close();
});

it("the page's server for development hands on the address it was asked by, so that the page may change things", async () => {
  const { host, origin } = new URL(url);
  const answer = await fetch(new URL("/api/v1/generations", url), {
    method: "POST",
    headers: { Origin: origin },
  });
  const seen = (await answer.json()) as { host: string; origin: string };
  assert.deepEqual([seen.host, seen.origin], [host, origin]);
});
