"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { createInterface } = require("node:readline");
const { parse } = require("pg-connection-string");

/**
 * Settings for sequelize-cli, which may run on a Node too old for the product's TypeScript: a child on the
 * product's own Node finds (or starts) the database, and ends when this process does.
 */
module.exports = async () => {
  const child = spawn(productNode(), [path.join(__dirname, "cli-database.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout })
      .on("line", resolve)
      .on("close", () => resolve(null));
    child.on("error", reject);
  });
  if (!line) process.exit(1);
  for (const handle of [child, child.stdin, child.stdout]) handle.unref();

  const { url, lock } = JSON.parse(line);
  const own = new URL(url).searchParams.has("uselibpqcompat");
  const { user, password, host, port, database, ssl } = parse(url, { useLibpqCompat: !own });
  return {
    dialect: "postgres",
    username: user,
    password,
    host,
    port: port || undefined,
    database,
    dialectOptions: ssl === undefined ? {} : { ssl },
    migrationStorage: "sequelize",
    migrationStorageTableName: "SequelizeMeta",
    // Everything runs on one connection, which holds the product's own migration lock until it is closed.
    pool: { max: 1, min: 0 },
    hooks: { afterConnect: (connection) => connection.query("SELECT pg_advisory_lock($1)", [lock]) },
  };
};

function productNode() {
  try {
    const folder = path.dirname(require.resolve("node/package.json"));
    const program = path.join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return fs.existsSync(program) ? program : process.execPath;
  } catch {
    return process.execPath;
  }
}
