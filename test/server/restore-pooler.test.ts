import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { it } from "node:test";
import type { AppError } from "../../server/errors.ts";
import { SERVER } from "../../server/services/audit.ts";
import { beginRestore } from "../../server/services/restore/run-restore.ts";
import { makeSmallInstallation } from "../support/restore/small-installation.ts";

const ANSWER = ["SFATAL", "C08P01", "Munsupported startup parameter: options"];

/** An error of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function errorMessage(): Buffer {
  const fields = Buffer.from(`${ANSWER.map((field) => `${field}\0`).join("")}\0`);
  const head = Buffer.alloc(5, "E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** A way to the database that refuses the startup parameter `options`, as PgBouncer does. */
async function startPooler(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const server = createServer((client) => {
    client.on("error", () => undefined);
    client.once("data", (startup) => {
      if (startup.includes("\0options\0")) return void client.end(errorMessage());
      const database = connect(Number(target.port), target.hostname);
      database.on("error", () => client.destroy());
      client.once("close", () => database.destroy());
      database.write(startup);
      client.pipe(database).pipe(client);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url.href, close: () => server.close() };
}

it("says that the direct URL is wanted where a connection pooler stands before the database", async () => {
  await using there = await makeSmallInstallation();
  const filename = await there.backUp();
  const before = await there.fingerprint();
  const pooler = await startPooler(there.url);
  const { done } = await beginRestore({ ...there.deps, url: pooler.url }, { filename, by: SERVER });
  await assert.rejects(done, (error: AppError) => {
    assert.equal(error.code, "restore-refused");
    assert.match(error.detail.en, /pooler.*DATABASE_URL=… npm run restore/);
    return true;
  });
  pooler.close();
  assert.deepEqual(await there.fingerprint(), before);
  const { rowCount } = await there.client.query("SELECT FROM system_state WHERE key = 'restore'");
  assert.equal(rowCount, 0);
});
