import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { startNginxSite } from "../support/nginx-site.ts";

/** A replica of some release: it has the page's files of that release alone, and says which it is elsewhere. */
async function startReplica(release: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isMissing = request.url!.startsWith("/assets/") && !request.url!.includes(release);
    response.writeHead(isMissing ? 404 : 200).end(isMissing ? "" : release);
  });
  // nginx keeps its connections: none may end just as it sends the next request over it.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

test("between two releases every file of either page is found, whichever replica is asked first", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-nginx-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const replicas = await Promise.all(["old", "new"].map(startReplica));
  for (const replica of replicas) {
    stack.defer(() => {
      replica.closeAllConnections();
      replica.close();
    });
  }
  const addresses = replicas.map((replica) => `127.0.0.1:${(replica.address() as AddressInfo).port}`);
  const site = await startNginxSite({ folder, replicas: addresses, tls: false });
  stack.defer(() => site.dispose());
  const ask = async (address: string) => {
    const answer = await fetch(site.url + address);
    return [answer.status, await answer.text()];
  };
  for (let number = 1; number <= 4; number++) {
    assert.deepEqual(await ask(`/assets/page-${number}.new.js`), [200, "new"]);
    assert.deepEqual(await ask(`/assets/page-${number}.old.js`), [200, "old"]);
  }
  assert.deepEqual((await ask("/assets/page.neither.js"))[0], 404);
  // Nobody is passed over for that.
  const both = new Set<unknown>();
  for (let number = 1; number <= 4; number++) both.add((await ask("/api/v1/models"))[1]);
  assert.deepEqual([...both].sort(), ["new", "old"]);
});
