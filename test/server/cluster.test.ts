import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import { listMigrations } from "../../server/database/migrate.ts";
import { ATTEMPT_RULES } from "../../server/services/limits/attempts.ts";
import { photoForm } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster/cluster.ts";
import { findLosses, untilAllEnded, untilTold } from "../support/cluster/losses.ts";
import { type Member, makeKey, sendJson, signInAt } from "../support/cluster/member.ts";
import { pageAsset } from "../support/cluster/stock.ts";
import { REPEATABLE, type Seen, startTraffic } from "../support/cluster/traffic.ts";
import { sha256Of } from "../support/sha256.ts";
import { until } from "../support/until.ts";
import { distinctPhoto } from "../support/visitors.ts";

const MONITOR_SECONDS = 1;
/** Wrong passwords of one account from one address. */
const MOST_ATTEMPTS = ATTEMPT_RULES["sign-in"].points;
/** Which replica writes down what the monitor saw. */
const NOTE_LOOKS = `
  CREATE TABLE looks (replica text);
  CREATE FUNCTION note_look() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO looks VALUES (current_setting('application_name')); RETURN NULL; END $$;
  CREATE TRIGGER note_look AFTER INSERT ON health_samples FOR EACH STATEMENT EXECUTE FUNCTION note_look()`;

/** No replica can know of it. */
const TAG_BEHIND_THEIR_BACKS = `
  INSERT INTO models_3d (id, user_id, name, tags, dimensions, stats)
  SELECT gen_random_uuid(), user_id, 'Unseen', ARRAY[$1], dimensions, stats FROM models_3d LIMIT 1`;

/** A machine that has no time for it turns work away; that says nothing about a renewal. */
const isOverload = ({ problem }: Seen) => problem?.includes('"overloaded"') ?? false;

describe("three replicas behind nginx with one Postgres, one Redis and one store", () => {
  let cluster: Cluster;
  let program: Member;
  let model: Model;
  before(async () => {
    cluster = await startCluster({
      settings: { LOG_LEVEL: "info", MONITORING_INTERVAL: String(MONITOR_SECONDS) },
    });
    program = await makeKey(cluster.url);
  });
  after(() => cluster?.dispose());
  const origins = () => cluster.replicas.map(({ url }) => url);

  it("migrate an empty database once, although all start at the same moment", async () => {
    const logs = await Promise.all(cluster.replicas.map((replica) => replica.log()));
    const migrated = logs.flatMap((log) =>
      [...log.matchAll(/"migration":"([^"]+)"/g)].map(([, name]) => name),
    );
    assert.deepEqual(migrated.toSorted(), listMigrations());
  });

  it("take a photo at one, tell of it at another and give the file at the third", async () => {
    const [first, second, third] = origins();
    const seen: string[] = [];
    const events = await program.fetch(`${second}/api/v1/generations/events`);
    const body = photoForm(await distinctPhoto(5000), { provider: "genapi", preset: "draft" }, "thing.png");
    const { id } = await program.json<Generation>(`${first}/api/v1/generations`, { method: "POST", body });
    for await (const part of events.body!.pipeThrough(new TextDecoderStream())) {
      seen.push(part);
      if (seen.join("").includes('"status":"succeeded"')) break;
    }
    assert.match(seen.join(""), new RegExp(id));
    const { modelId } = await program.json<Generation>(`${third}/api/v1/generations/${id}`);
    model = await program.json<Model>(`${third}/api/v1/models/${modelId}`);
    const file = await program.fetch(third + model.files.glb!.url);
    assert.equal(sha256Of(Buffer.from(await file.arrayBuffer())), model.files.glb!.sha256);
  });

  it("know a session that was begun at another, and end it for all", async () => {
    const [first, second, third] = origins();
    const admin = await signInAt(first);
    const meAt = async (origin: string) => (await admin.fetch(`${origin}/api/v1/auth/me`)).status;
    assert.deepEqual(await Promise.all(origins().map(meAt)), [200, 200, 200]);
    const { refreshToken } = await admin.json<{ refreshToken: string }>(
      `${second}/api/v1/auth/refresh`,
      sendJson("POST", { refreshToken: admin.refreshToken, tokens: true }),
    );
    assert.ok(refreshToken);
    await admin.json(`${third}/api/v1/auth/logout`, sendJson("POST", { refreshToken }));
    assert.deepEqual(await Promise.all(origins().map(meAt)), [401, 401, 401]);
  });

  it("count attempts together", async () => {
    const refused = [...Array(MOST_ATTEMPTS).fill(401), 429].join();
    // A count that takes the database long is a replica's own for some seconds.
    await until("a refusal after as many attempts as one server takes", async () => {
      const attempt = sendJson("POST", { email: `${randomUUID()}@example.com`, password: "a wrong guess" });
      const statuses: number[] = [];
      for (let turn = 0; turn <= MOST_ATTEMPTS; turn++) {
        statuses.push((await fetch(`${origins()[turn % 3]}/api/v1/auth/login`, attempt)).status);
      }
      return statuses.join() === refused;
    });
  });

  it("share what is kept: an answer of one is that of another, and goes for all at a change", async () => {
    const [first, second, third] = origins();
    const tagsAt = async (origin: string) =>
      (await program.json<{ items: { tag: string }[] }>(`${origin}/api/v1/tags`)).items.map(({ tag }) => tag);
    // While Redis takes long each keeps its own.
    await until("the second one gives what the first one kept", async () => {
      const tag = randomUUID();
      await tagsAt(first);
      await cluster.pool.query(TAG_BEHIND_THEIR_BACKS, [tag]);
      return !(await tagsAt(second)).includes(tag);
    });
    await program.json(`${third}/api/v1/models/${model.id}`, sendJson("PATCH", { tags: ["box"] }));
    for (const origin of origins()) {
      await until(`${origin} knows of the change`, async () => (await tagsAt(origin)).includes("box"));
    }
  });

  it("let one of them monitor for all", async () => {
    await cluster.pool.query(NOTE_LOOKS);
    await until("three looks", async () => (await cluster.pool.query("SELECT FROM looks")).rows.length >= 3);
    const { rows } = await cluster.pool.query<{ replica: string }>("SELECT DISTINCT replica FROM looks");
    assert.equal(rows.length, 1);
    assert.match(rows[0].replica, /^replica-[123]$/);
  });

  it("are all renewed, one after the other, and nobody notices", async () => {
    const traffic = startTraffic({
      url: cluster.url,
      member: program,
      perSecond: 10,
      mix: REPEATABLE,
      models: [{ id: model.id, sha256: model.files.glb!.sha256 }],
      asset: await pageAsset(),
    });
    try {
      for (const replica of cluster.replicas) {
        assert.equal(await replica.stop(), 0);
        await replica.start();
      }
      await traffic.end();
      await untilAllEnded(cluster);
      await untilTold(traffic);
    } finally {
      await traffic.leave();
    }
    assert.deepEqual(
      traffic.failures().filter((seen) => !isOverload(seen)),
      [],
    );
    assert.equal(traffic.cuts(), 0);
    assert.ok(traffic.accepted.length > 0);
    assert.deepEqual(await findLosses(cluster, traffic, program), []);
  });
});
