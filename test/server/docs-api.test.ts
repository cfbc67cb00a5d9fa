import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase } from "../support/database.ts";
import { openShell, type Shell } from "../support/docs/commands.ts";
import { freePort, type ServerProcess, startServer } from "../support/server-process.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** As the page has them. */
const [EMAIL, PASSWORD] = ["ada@example.com", "four plain quiet words"];

/** Many times what a delivery takes on a busy machine. */
const LONGEST_WAIT_MS = 300_000;

let [folder, page]: string[] = [];
let server: ServerProcess;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let shell: Shell;
let blocks: string[];
let receiver: ChildProcess | undefined;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-docs-"));
  page = await readFile(path.join(ROOT, "docs/api.md"), "utf8");
  blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  await mkdir(path.join(folder, "test/fixtures/photos"), { recursive: true });
  for (const file of ["test/fixtures/photos/sofa.jpg", "package.json"])
    await copyFile(path.join(ROOT, file), path.join(folder, file));
  database = await createTestDatabase();
  server = await startServer(folder, {
    DATABASE_URL: database.url,
    ADMIN_EMAIL: EMAIL,
    ADMIN_PASSWORD: PASSWORD,
    WEBHOOK_ALLOWED_HOSTS: "127.0.0.1",
  });
  shell = await openShell(folder, { SERVER: server.url });
});
after(async () => {
  receiver?.kill("SIGKILL");
  await server?.stop();
  await database?.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the next block, in the page's order, which must have this in it. */
async function next(part: string, until?: (output: string) => boolean): Promise<string> {
  const block = blocks.shift() ?? "";
  assert.ok(block.includes(part), `The next block of docs/api.md has no ${part}:\n${block}`);
  return shell.run(block, until);
}

/** A fresh process with the page's receiver; resolves when its port answers. */
async function startReceiver(secret: string): Promise<{ port: number; firstLine: Promise<string> }> {
  const [, source] = /```js\n([\s\S]*?)```/.exec(page) ?? assert.fail("docs/api.md has no receiver");
  const port = await freePort();
  await writeFile(path.join(folder, "receiver.mjs"), source);
  const child = spawn(process.execPath, ["receiver.mjs"], {
    cwd: folder,
    env: { PATH: process.env.PATH, SECRET: secret, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  receiver = child;
  const signal = AbortSignal.timeout(LONGEST_WAIT_MS);
  const firstLine = once(child.stdout!.setEncoding("utf8"), "data", { signal }).then(([text]) =>
    String(text),
  );
  // Whoever waits for it sees why; until then a receiver that never prints is nobody's.
  firstLine.catch(() => undefined);
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "{}" }).then(
      (answer) => answer.status,
      () => null,
    );
    assert.equal(child.exitCode, null, "the receiver has ended");
    if (status === null) {
      await sleep(50);
      continue;
    }
    assert.equal(status, 401, "a message without a signature is refused");
    return { port, firstLine };
  }
}

it("does what it says, command by command", async () => {
  assert.match(blocks.shift()!, /^SERVER=http:\/\/127\.0\.0\.1:3001\n$/);
  await next("/auth/login");
  await next("/api-keys");
  await next("Idempotency-Key");
  await next("until curl");
  const events = await next("/events", (output) => /"status":"succeeded"/.test(output));
  assert.match(events, /^event: generation$/m);
  await next("$GENERATION");
  const files = await next("files/model.glb");
  assert.match(files, /"volumeCubicMetres"|"printable"|"verdict"/i);
  assert.equal((await readFile(path.join(folder, "sofa.glb"))).toString("latin1", 0, 4), "glTF");
  assert.equal((await readFile(path.join(folder, "sofa.usdz"))).toString("latin1", 0, 2), "PK");
  assert.ok((await readFile(path.join(folder, "sofa.stl"))).byteLength > 10_000);
  assert.match(await next("-X PATCH"), /"length":180/);
  const { items, total } = JSON.parse(await next("limit=10"));
  assert.deepEqual([items.length, total, items[0].id], [1, 1, shell.variables.MODEL]);
  await rm(path.join(folder, "sofa.glb"));
  await next("/shares");
  assert.match(await next("share.json"), /"Sofa"/);
  assert.equal((await readFile(path.join(folder, "sofa.glb"))).toString("latin1", 0, 4), "glTF");

  await next("/api/v1/webhooks");
  const { port, firstLine } = await startReceiver(shell.variables.SECRET);
  const moved = await fetch(`${server.url}/api/v1/webhooks/${shell.variables.WEBHOOK}`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${shell.variables.KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ url: `http://127.0.0.1:${port}/hook` }),
  });
  assert.equal(moved.status, 200, await moved.text());
  await next("/test");
  assert.match(await firstLine, /^webhook\.ping/);

  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]);
  const problem = JSON.parse(await next("package.json"));
  assert.deepEqual({ ...problem, requestId: shown.requestId }, shown);
  assert.deepEqual(blocks, [], "every block was run");
});

it("goes through an incident as docs/operations.md says", async () => {
  const operations = await readFile(path.join(ROOT, "docs/operations.md"), "utf8");
  const [, incident] = /```sh\n(curl[\s\S]*?)```/.exec(operations) ?? assert.fail("no commands");
  const made = await fetch(`${server.url}/api/v1/api-keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${shell.variables.TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "operations", scopes: ["admin"] }),
  });
  const { key } = (await made.json()) as { key: string };
  const operator = await openShell(folder, { SERVER: server.url, KEY: key });
  const commands = incident.trim().split("\n");
  const answers = [];
  for (const command of commands) answers.push(JSON.parse(await operator.run(command)));
  const [frozen, stopped, alerts, lines, started, thawed] = answers;
  assert.deepEqual([frozen.enabled, frozen.message], [true, "We are mending the store; back at 14:00"]);
  const queueOf = ({ items }: { items: { name: string; isRunning: boolean }[] }) =>
    items.find(({ name }) => name === "queue")?.isRunning;
  assert.deepEqual([queueOf(stopped), queueOf(started)], [false, true]);
  assert.deepEqual([alerts.items, Array.isArray(lines.items ?? lines.lines)], [[], true]);
  assert.equal(thawed.enabled, false);
});

it("leaves no warning of Node in the log of the server", async () => {
  assert.doesNotMatch(await readFile(path.join(folder, "server.log"), "utf8"), /\(node:\d+\)/);
});
