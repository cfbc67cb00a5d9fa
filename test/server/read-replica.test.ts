import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../server/config.ts";
import { DetailedHealth } from "../../server/contract/operations.ts";
import { readReplica } from "../../server/doctor/checks/read-replica.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { scrape } from "../support/metrics-client.ts";
import { seriesValue } from "../support/prometheus-text.ts";
import { type StreamedPostgres, startStreamedPostgres } from "../support/standby.ts";
import { until } from "../support/until.ts";

/** So long that no machine is slow enough for it, and so short that the test needn't wait. */
const PATIENT = "300";
const SHORT = "1";

describe("a read replica", () => {
  let folder: string;
  let postgres: StreamedPostgres;
  let glb: Buffer;
  let fake: FakeGenapi;
  const stack = new AsyncDisposableStack();
  /** Two processes of one installation. */
  let one: TestApp;
  let other: TestApp;

  const start = (env: Record<string, string>) =>
    startTestApp({
      databaseUrl: postgres.primary.url,
      uploads: path.join(folder, "files/uploads"),
      fake,
      env: { DATABASE_READ_URL: postgres.standby.url, ...env },
    });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-replica-"));
    await chmod(folder, 0o755);
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    postgres = stack.adopt(await startStreamedPostgres(folder), (part) => part.dispose());
    glb = await boxGlb([0.5, 0.4, 0.3]);
    fake = stack.adopt(await startFakeGenapi({ glb }), (part) => part.dispose());
    fake.script({ polls: [success(({ resultUrl }) => ({ result: [resultUrl] }))] });
    one = stack.use(await start({ DATABASE_READ_MAX_LAG_SECONDS: PATIENT }));
    other = stack.use(await start({ DATABASE_READ_MAX_LAG_SECONDS: PATIENT }));
    await becomes(one, "fresh");
    await becomes(other, "fresh");
  });
  after(() => stack.disposeAsync());

  const stateOf = (app: TestApp) => app.context.reads.replica!.state();
  const becomes = (app: TestApp, state: string) =>
    until(`the replica is ${state}`, () => stateOf(app) === state);

  async function add(app: TestApp, name: string): Promise<{ id: string }> {
    const answer = await app.request("/api/v1/models", {
      method: "POST",
      body: photoForm(glb, { name }, "box.glb", "file"),
    });
    assert.equal(answer.status, 201);
    return (await answer.json()) as { id: string };
  }

  async function names(app: TestApp, query = ""): Promise<string[]> {
    const answer = await app.request(`/api/v1/models?sort=name&limit=100${query}`);
    assert.equal(answer.status, 200);
    const { items } = (await answer.json()) as { items: { name: string }[] };
    return items.map(({ name }) => name);
  }

  /** Nobody's write: what others do, as this process sees it. */
  const rename = (from: string, to: string) =>
    postgres.primary.query(`UPDATE models_3d SET name = '${to}' WHERE name = '${from}'`);

  /** What `work` reads once that comes from the replica; a busy machine may take a moment to know how far that is. */
  async function fromReplica<T>(app: TestApp, work: () => Promise<T>): Promise<T> {
    for (const deadline = performance.now() + 120_000; ; await sleep(20)) {
      const { found, target } = await from(app, work);
      if (target === "replica") return found;
      assert.ok(performance.now() < deadline, `read from the replica, not for ${target} from the primary`);
    }
  }

  /** What `work` reads, which must come from the primary. */
  async function fromPrimary<T>(app: TestApp, work: () => Promise<T>): Promise<T> {
    const { found, target } = await from(app, work);
    assert.notEqual(target, "replica");
    return found;
  }

  /** What `work` reads, and where that was read. */
  async function from<T>(app: TestApp, work: () => Promise<T>): Promise<{ found: T; target: string }> {
    const targets: string[] = [];
    app.context.reads.watch((target) => targets.push(target));
    const found = await work();
    assert.equal(targets.length, 1, targets.join());
    return { found, target: targets[0] };
  }

  it("gives lists, searches and figures, and never what is older than one's own writes", async () => {
    await add(one, "First");
    assert.deepEqual(await names(one), ["First"]);
    assert.deepEqual(await names(other), ["First"]);
    await postgres.standby.caughtUp();
    assert.deepEqual(await fromReplica(one, () => names(one)), ["First"]);

    await postgres.standby.pause();
    await rename("First", "Renamed");
    const search = () => names(one, "&q=fir");
    assert.deepEqual(await fromReplica(one, search), ["First"], "so it was read there");
    assert.deepEqual(await fromReplica(other, () => names(other)), ["First"]);

    const { id } = await add(one, "Second");
    const both = ["Renamed", "Second"];
    assert.deepEqual(await fromPrimary(one, () => names(one)), both);
    assert.deepEqual(await fromPrimary(other, () => names(other)), both, "in another process too");
    const changed = await other.request(`/api/v1/models/${id}`, {
      method: "PATCH",
      body: JSON.stringify({ name: "Third" }),
      headers: { "Content-Type": "application/json" },
    });
    assert.equal(changed.status, 200);
    assert.deepEqual(await names(one), ["Renamed", "Third"]);

    const audit = () => one.request("/api/system/audit?action=model").then((answer) => answer.json());
    await fromPrimary(one, audit);
    const stats = () => one.request("/api/system/stats").then((answer) => answer.json());
    await fromPrimary(one, stats);
    const figures = () => one.request("/api/health/metrics").then((answer) => answer.json());
    await fromReplica(one, figures);

    await postgres.standby.resume();
    await postgres.standby.caughtUp();
    for (const app of [one, other]) {
      assert.deepEqual(await fromReplica(app, () => names(app)), ["Renamed", "Third"]);
    }
    await fromReplica(one, audit);
    await fromReplica(one, stats);
    const csv = await one.request("/api/system/audit?format=csv");
    assert.match(await csv.text(), /^[\w,]+\r?\n/);
    const counted = await scrape(one);
    assert.ok((seriesValue(counted, "photo_to_3d_replica_reads_total", { target: "replica" }) ?? 0) >= 5);
  });

  it("shows nothing in a gallery that its owner has just taken out", async () => {
    const { id } = await add(one, "To be removed");
    const share = await one.request("/api/v1/shares", {
      method: "POST",
      body: JSON.stringify({ modelIds: [id] }),
      headers: { "Content-Type": "application/json" },
    });
    const { token } = (await share.json()) as { token: string };
    const shown = async () => {
      const answer = await other.request(`/s/${token}/share.json`);
      return ((await answer.json()) as { models: { name: string }[] }).models.length;
    };
    await postgres.standby.caughtUp();
    assert.deepEqual(await fromReplica(other, shown), 1);
    await postgres.standby.pause();
    assert.equal((await one.request(`/api/v1/models/${id}`, { method: "DELETE" })).status, 204);
    assert.deepEqual(await fromPrimary(other, shown), 0);
    await postgres.standby.resume();
    await postgres.standby.caughtUp();
    assert.deepEqual(await fromReplica(other, shown), 0);
  });

  it("is left out while it is too far behind, and not because nothing happens", async () => {
    await using hasty = await start({ DATABASE_READ_MAX_LAG_SECONDS: SHORT });
    await postgres.standby.caughtUp();
    await becomes(hasty, "fresh");
    // Nothing is written for longer than it may be behind.
    await sleep(1500);
    await becomes(hasty, "fresh");

    await postgres.standby.pause();
    await rename("Renamed", "Late");
    await becomes(hasty, "behind");
    assert.deepEqual(await fromPrimary(hasty, () => names(hasty)), ["Late", "Third"]);
    await until("the lag is told", async () => {
      return (seriesValue(await scrape(hasty), "photo_to_3d_replica_lag_seconds") ?? 0) > 1;
    });
    await until("the health tells", async () => {
      const health = DetailedHealth.parse(await (await hasty.request("/health/detailed")).json());
      assert.equal(health.checks.readReplica.status, "degraded");
      return /too far behind/.test(health.checks.readReplica.message);
    });
    // The look that tells of it comes a moment after it is so.
    await until("it is told", () => hasty.lines.some(({ state }) => state === "behind"));

    await postgres.standby.resume();
    await becomes(hasty, "fresh");
    await fromReplica(hasty, () => names(hasty));
    const told = hasty.lines.filter(({ message }) => /from the (read replica|primary)/.test(String(message)));
    const states = told.map(({ state = "fresh" }) => state);
    assert.ok(
      states.every((state, index) => state !== states[index - 1]),
      `told once each: ${states}`,
    );
    assert.ok(states.includes("behind"));
  });

  it("may go away and come back without a failed request", async () => {
    const all = await names(one);
    await postgres.standby.stop();
    for (let turn = 0; turn < 5; turn++) assert.deepEqual(await names(one), all);
    await becomes(one, "away");
    const { status } = DetailedHealth.parse(await (await one.request("/health/detailed")).json());
    assert.equal(status, "degraded");
    await postgres.standby.start();
    await becomes(one, "fresh");
    await fromReplica(one, () => names(one));

    postgres.standby.freeze();
    try {
      assert.deepEqual(await names(one), all);
    } finally {
      postgres.standby.thaw();
    }
    await becomes(one, "fresh");
    await fromReplica(one, () => names(one));
  });

  it("waits for the rows of a restore", async () => {
    await postgres.standby.caughtUp();
    await becomes(one, "fresh");
    await postgres.standby.pause();
    const note = { filename: "2026-11-01T02-00-00Z-manual", state: "restored", at: new Date().toISOString() };
    await postgres.primary.query(
      `INSERT INTO system_state (key, value) VALUES ('restore', '${JSON.stringify(note)}');
       SELECT pg_notify('system_changed', 'restored')`,
    );
    await becomes(one, "behind");
    await postgres.primary.query(
      "DELETE FROM system_state WHERE key = 'restore'; SELECT pg_notify('system_changed', 'restored')",
    );
    await until("the restore is forgotten", () => one.context.switches.get("restore") === null);
    await fromPrimary(one, () => names(one));
    await postgres.standby.resume();
    await becomes(one, "fresh");
  });

  it("shows no list without a model that a job has just finished", async () => {
    await postgres.standby.caughtUp();
    await becomes(one, "fresh");
    await postgres.standby.pause();
    const posted = await postPhoto(
      one,
      photoForm(await readPhoto("sofa.jpg"), { name: "Made", provider: "genapi" }),
    );
    const { id } = (await posted.json()) as { id: string };
    const { status } = await waitForGeneration(one, id);
    assert.equal(status, "succeeded");
    // The order was a write of the user's own; what counts here is what the job wrote.
    await postgres.primary.query("DELETE FROM last_writes");
    const found = await fromPrimary(one, () => names(one));
    assert.ok(found.includes("Made"), found.join());
    await postgres.standby.resume();
  });

  it("must be a standby of this database", async () => {
    const { url } = postgres.primary;
    await using app = await start({ DATABASE_READ_URL: url });
    await becomes(app, "unfit");
    assert.ok((await names(app)).length > 0);
    await until("it is told", () => app.lines.some(({ state }) => state === "unfit"));

    const findings = async (readUrl: string) => {
      const { config } = loadConfig({ DATABASE_URL: url, DATABASE_READ_URL: readUrl });
      const { records } = app.context;
      const database = { sequelize: records.sequelize, records, isMigrated: true };
      return readReplica.run({ config, warnings: [], database, databaseError: null });
    };
    assert.equal((await findings(url))[0].status, "problem");
    assert.equal((await findings(postgres.standby.url))[0].status, "ok");
    const nobody = new URL(postgres.standby.url);
    nobody.port = "1";
    assert.equal((await findings(nobody.href))[0].status, "warning");
    assert.throws(() => loadConfig({ DATABASE_READ_URL: url }), /DATABASE_READ_URL .* built-in/);
  });
});
