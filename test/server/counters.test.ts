import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { it } from "node:test";
import type { Sequelize } from "sequelize";
import { countersInPostgres } from "../../server/services/limits/counters.ts";

const PATIENCE_MS = 20;

it("counts with all others also where this process stood still while the database answered", async () => {
  /** A database whose answer comes as all do: by the event loop, which has to be there for it. */
  const connection = {
    async query() {
      const answer = stat(import.meta.filename);
      const end = performance.now() + 10 * PATIENCE_MS;
      while (performance.now() < end);
      await answer;
      return { rows: [{ points: 41, expire: Date.now() + 60_000 }] };
    },
  };
  const connectionManager = { getConnection: async () => connection, releaseConnection() {} };
  const sequelize = { constructor: { name: "Sequelize" }, connectionManager } as unknown as Sequelize;
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) } as never;
  const makeCounter = countersInPostgres({ sequelize, logger, patienceMs: PATIENCE_MS });
  const counter = makeCounter({ name: "rule", points: 100, seconds: 60 });
  assert.equal((await counter.add("somebody", 1)).count, 41);
  assert.deepEqual(warnings, []);
});
