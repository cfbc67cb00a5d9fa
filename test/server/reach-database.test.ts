import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { reachDatabase } from "../../server/database/reach.ts";
import { createTestDatabase } from "../support/database.ts";
import { freePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

/** What is said, and the failure; the password is in none of it. */
async function refusal(url: string, patienceMs = 0): Promise<string> {
  const lines: string[] = [];
  const logger = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  try {
    await reachDatabase(url, { patienceMs, logger, betweenMs: 10 });
  } catch (error) {
    const all = [...lines, (error as Error).message].join("\n");
    assert.ok(!all.includes("pass-word-7171"), all);
    return all;
  }
  assert.fail(`${url} was reached`);
}

test("a database that comes up later is waited for, with one line about it and one when it is there", async () => {
  const database = await createTestDatabase({ migrated: false });
  const target = new URL(database.url);
  const port = await freePort();
  const late = new URL(database.url);
  late.port = String(port);
  const lines: string[] = [];
  const logger = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const reached = reachDatabase(late.href, { patienceMs: 600_000, logger, betweenMs: 10 });
  await until("it has said that it waits", () => lines.length > 0);
  const { connect } = await import("node:net");
  const gate = createServer((socket) => {
    const onward = connect(Number(target.port), target.hostname);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on("error", () => {});
  }).listen(port, "127.0.0.1");
  try {
    assert.equal(await reached, `${late.href}?sslmode=disable`);
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(
      lines[0],
      /can't be reached yet: connect ECONNREFUSED .* Start it, and check DATABASE_URL .* Trying for another \d+ s\.$/,
    );
    assert.match(lines[1], /can be reached now/);
  } finally {
    gate.close();
    await database.dispose();
  }
});

test("what waiting can't mend ends the start at once, and says what to do", async () => {
  const database = await createTestDatabase({ migrated: false });
  try {
    const wrong = new URL(database.url);
    wrong.password = "pass-word-7171";
    const far = 600_000;
    assert.match(
      await refusal(wrong.href, far),
      /password authentication failed .*\. Correct user and password/,
    );
    const missing = new URL(database.url);
    missing.pathname = "/nobody_made_it";
    assert.match(await refusal(missing.href, far), /"nobody_made_it" does not exist\. Make that database/);
    const mode = new URL(database.url);
    mode.searchParams.set("sslmode", "required");
    assert.match(await refusal(mode.href, far), /sslmode .* must be one of disable, .*, not "required"/);
    mode.searchParams.set("sslmode", "verify-ca");
    assert.match(await refusal(mode.href, far), /verify-ca .* needs sslrootcert=FILE/);
    mode.searchParams.set("sslrootcert", "/not/there.pem");
    assert.match(await refusal(mode.href, far), /names the file \/not\/there\.pem, which can't be read/);
    mode.searchParams.set("sslrootcert", "system");
    assert.match(await refusal(mode.href, far), /sslrootcert=system .* needs sslmode=verify-full/);
    mode.searchParams.set("sslrootcert", "");
    mode.searchParams.set("sslmode", "require");
    assert.match(await refusal(mode.href, far), /does not support SSL connections\. .*sslmode=disable/);
  } finally {
    await database.dispose();
  }
});

test("a name of a private network that this machine does not know is explained", async () => {
  const url = "postgres://user:pass-word-7171@postgres.railway.internal:5432/railway";
  assert.match(
    await refusal(url),
    /names postgres\.railway\.internal, a name of Railway's private network.*DATABASE_PUBLIC_URL/,
  );
});

test("the waiting ends when the process is to stop, also while a server says nothing", async () => {
  const silent = createServer((socket) => void socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const stop = new AbortController();
  const { port } = silent.address() as AddressInfo;
  const connected = once(silent, "connection");
  const reached = reachDatabase(`postgres://user:word@127.0.0.1:${port}/name`, {
    patienceMs: 600_000,
    logger: { info() {}, warn() {} },
    signal: stop.signal,
  });
  const [socket] = await connected;
  stop.abort(new Error("SIGTERM"));
  await assert.rejects(reached, /SIGTERM/);
  socket.destroy();
  silent.close();
});
