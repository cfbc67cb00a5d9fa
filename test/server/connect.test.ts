import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { it } from "node:test";
import { QueryTypes } from "sequelize";
import { connectDatabase } from "../../server/database/connect.ts";
import { isDatabaseAway } from "../../server/database/database-away.ts";
import { createTestDatabase } from "../support/database.ts";

/** A message of PostgreSQL's protocol, version 3: a letter, the length of the rest, the rest. */
function message(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const LET_IN = message("R", Buffer.alloc(4));
const READY = message("Z", Buffer.from("I"));
const CUT = message("E", Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"));

it("survives a server that lets a connection in and cuts it in the same breath", async () => {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(Buffer.concat([LET_IN, READY, CUT])));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sequelize = connectDatabase({
    url: `postgres://user:password@127.0.0.1:${port}/name`,
    pool: { max: 1, min: 0, acquireMs: 60_000, idleMs: 1000 },
  });
  try {
    await assert.rejects(sequelize.query("SELECT 1"), isDatabaseAway);
  } finally {
    await sequelize.close();
    server.close();
  }
});

it("lets the database end a transaction whose owner is stuck", async () => {
  const database = await createTestDatabase({ migrated: false });
  const sequelize = connectDatabase({
    url: database.url,
    pool: { max: 1, min: 0, acquireMs: 60_000, idleMs: 1000 },
  });
  try {
    const [row] = await sequelize.query<{ setting: string; unit: string }>(
      "SELECT setting, unit FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'",
      { type: QueryTypes.SELECT },
    );
    assert.deepEqual(row, { setting: "30000", unit: "ms" });
  } finally {
    await sequelize.close();
    await database.dispose();
  }
});
