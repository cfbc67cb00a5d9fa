import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { startNginxSite } from "../support/nginx-site.ts";
import { until } from "../support/until.ts";

/** What the product itself bounds, and may take more than nginx' minute on a busy machine. */
const LONG: [method: string, address: string][] = [
  ["POST", "/api/v1/cutouts"],
  ["POST", "/api/v1/models"],
  ["GET", "/api/v1/models/018f/files/usdz"],
  ["GET", "/s/token/files/usdz"],
];

test("nginx waits for what may take long, and for nothing else", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-nginx-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const held = new Map<string, ServerResponse>();
  const replica = createServer((request, response) => void held.set(request.url!, response));
  replica.keepAliveTimeout = 0;
  await once(replica.listen(0, "127.0.0.1"), "listening");
  stack.defer(() => {
    replica.closeAllConnections();
    replica.close();
  });
  const { port } = replica.address() as AddressInfo;
  const replicas = [`127.0.0.1:${port}`];
  const site = await startNginxSite({ folder, replicas, tls: false, usualPatience: "200ms" });
  stack.defer(() => site.dispose());

  const answers = LONG.map(async ([method, address]) => {
    const answer = await fetch(site.url + address, { method });
    return [address, answer.status, await answer.text()];
  });
  await until("all are asked for", () => held.size === LONG.length);
  // Whoever had the usual patience would have lost it before this one, who came later.
  assert.equal((await fetch(`${site.url}/api/v1/providers`)).status, 503);
  for (const [, address] of LONG) held.get(address)!.end("done");
  assert.deepEqual(
    await Promise.all(answers),
    LONG.map(([, address]) => [address, 200, "done"]),
  );
});
