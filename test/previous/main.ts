import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { MIGRATED, migrate } from "../../server/database/migrate.ts";
import { createTestDatabase } from "../support/database.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { checkOut, newerMigrations, previousRevision } from "./checkout.ts";
import { takeJourney } from "./journey.ts";

/** Lines of a log that tell of a fault. */
const FAULT = /"level":"error"|(?:^|\s)error\s/i;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const step = async (what: string, work: () => Promise<unknown>) => {
  const startedAt = performance.now();
  await work();
  say(`ok ${what} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
};

const revision = previousRevision(process.argv[2]);
say(`The version before: ${revision.commit} "${revision.subject}" (${revision.because})`);
const folder = mkdtempSync(path.join(os.tmpdir(), "photo-to-3d-previous-"));
await using stack = new AsyncDisposableStack();
stack.defer(() => rmSync(folder, { recursive: true, force: true }));
const old = path.join(folder, "checkout");
checkOut(revision, old, say);
const newer = newerMigrations(old);
say(`Migrations that it does not know: ${newer.length > 0 ? newer.join(", ") : "none"}`);

const database = stack.adopt(await createTestDatabase({ migrated: false }), (part) => part.dispose());
const logs: string[] = [];

/** A server of one of the versions, over the same database and files. */
async function start(name: string, root?: string): Promise<ServerProcess> {
  const own = path.join(folder, name);
  mkdirSync(own, { recursive: true });
  logs.push(path.join(own, "server.log"));
  const settings = {
    DATABASE_URL: database.url,
    DATABASE_POOL_MIN: "0",
    UPLOAD_DIR: path.join(folder, "uploads"),
    API_ENCRYPTION_KEY: "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P",
    API_ENCRYPTION_SALT: "u6Rk1eWc9ZtQx3Jm",
  };
  const server = await startServer(own, settings, undefined, root);
  stack.defer(() => server.kill());
  return server;
}

let before = await start("old", old);
await step("the old version works on its own schema", () => takeJourney(before.url, before.url));
await step("the new version migrates the database while the old one runs", async () => {
  const logger = {
    info: (message: string, { migration }: { migration: string }) =>
      say(message === MIGRATED ? `  applied ${migration}` : `  ${message} ${migration}`),
  };
  const done = await migrate(database.url, { logger });
  if (done.join() !== newer.join()) throw new Error(`Applied ${done.join()} instead of ${newer.join()}`);
});
await step("the old version, which still runs, works on the new schema", () =>
  takeJourney(before.url, before.url),
);
const after = await start("new");
await step("both work side by side, begun by the old one", () => takeJourney(before.url, after.url));
await step("both work side by side, begun by the new one", () => takeJourney(after.url, before.url));
await step("the new one works while the old one is gone", async () => {
  await before.stop();
  await takeJourney(after.url, after.url);
});
await step("rolled back: the old version starts on the new schema and works", async () => {
  await after.stop();
  before = await start("rolled-back", old);
  await takeJourney(before.url, before.url);
});
await before.stop();

const faults = logs.flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => FAULT.test(line)),
);
for (const line of faults) say(`FAULT ${line}`);
say(faults.length === 0 ? "No fault in any log." : `${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
