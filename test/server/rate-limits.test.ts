import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Problem } from "../../server/contract/problem.ts";
import { createAllowance } from "../../server/services/limits/allowance.ts";
import { ATTEMPT_RULES } from "../../server/services/limits/attempts.ts";
import { countersInMemory, countersInPostgres } from "../../server/services/limits/counters.ts";
import { createRequestLimits } from "../../server/services/limits/request-limits.ts";
import { type Member, makeMember, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";

/** In an hour, which no machine needs for so many. */
const PER_HOUR = 40;
const ENV = { RATE_LIMIT_PER_MINUTE: "1000", RATE_LIMIT_PER_HOUR: String(PER_HOUR), TRUST_PROXY: "1" };
/** However busy the machine is, the shared counts are the ones that count. */
const PATIENT = { countsPatienceMs: 60_000 };
const from = (address: string) => ({ "X-Forwarded-For": address });

async function assertLimited(answer: Response): Promise<Problem> {
  const problem = (await answer.json()) as Problem;
  assert.equal(answer.status, 429, JSON.stringify(problem));
  assert.equal(problem.code, "rate-limited");
  assert.ok(problem.suggestion);
  const wait = Number(answer.headers.get("Retry-After"));
  assert.ok(Number.isInteger(wait) && wait >= 1, `Retry-After: ${wait}`);
  return problem;
}

/** The statuses of so many requests one after the other. */
async function statuses(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < times; index++) {
    const answer = await ask();
    await answer.arrayBuffer();
    found.push(answer.status);
  }
  return found;
}

describe("requests of a user, a key and an address", () => {
  let app: TestApp;
  let other: TestApp;
  let admin: Member;
  before(async () => {
    app = await startAccountsApp({ ...PATIENT, env: ENV, attemptRules: ATTEMPT_RULES });
    const { database } = app.config;
    assert.ok(database.kind === "url");
    other = await startAccountsApp({
      ...PATIENT,
      databaseUrl: database.url,
      env: { ...ENV, JWT_SECRET: "another secret of tests, long enough to sign" },
    });
    admin = await signIn(app);
  });
  after(async () => {
    await other?.dispose();
    await app?.dispose();
  });

  it("carry the standard fields, and end in 429 with the time to wait", async () => {
    const member = await makeMember(app);
    const startedAt = performance.now();
    const first = await member.request("/api/v1/models");
    assert.equal(first.headers.get("RateLimit-Policy"), `"minute";q=1000;w=60, "hour";q=${PER_HOUR};w=3600`);
    const shown = new RegExp(`^"minute";r=999;t=(\\d+), "hour";r=${PER_HOUR - 1};t=\\d+$`);
    const left = Number(shown.exec(first.headers.get("RateLimit") ?? "")?.[1]);
    const passed = Math.ceil((performance.now() - startedAt) / 1000);
    assert.ok(left <= 60 && left >= 60 - passed, `${first.headers.get("RateLimit")} after ${passed} s`);
    const rest = await statuses(PER_HOUR - 1, () => member.request("/api/v1/models"));
    assert.deepEqual([...new Set(rest)], [200]);
    const over = await member.request("/api/v1/models");
    assert.match(over.headers.get("RateLimit") ?? "", /, "hour";r=0;t=\d+$/);
    await assertLimited(over);
    const russian = await member.request("/api/v1/models", { headers: { "Accept-Language": "ru" } });
    assert.match((await assertLimited(russian)).title, /[а-я]/);
    assert.equal((await admin.request("/api/v1/models")).status, 200, "nobody else is limited by it");
    assert.equal((await member.request("/health/live")).status, 200);
  });

  it("count for all replicas together", async () => {
    const made = await admin.send("POST", "/api/v1/api-keys", { name: "A program", scopes: ["read"] });
    const { secret, key, text } = (await made.json()) as Record<string, string>;
    const headers = { Authorization: `Bearer ${secret ?? text ?? key}` };
    const answers = await Promise.all(
      Array.from({ length: PER_HOUR * 2 }, (_, index) =>
        (index % 2 ? app : other).request("/api/v1/models", { headers }),
      ),
    );
    const passed = answers.filter(({ status }) => status === 200).length;
    const limited = answers.filter(({ status }) => status === 429).length;
    assert.equal(passed + limited, answers.length);
    // Either replica may hold a portion that the other doesn't get.
    assert.ok(passed <= PER_HOUR && passed >= PER_HOUR - 2, `${passed} passed`);
    assert.equal((await admin.request("/api/v1/models")).status, 200, "its owner in person is counted apart");
  });

  it("of nobody count for the address, as the trusted proxy tells it, by networks in IPv6", async () => {
    const ask = (address: string, path = "/api/v1/auth/state") =>
      app.request(path, { headers: from(address) });
    const found = await statuses(PER_HOUR + 1, () => ask("198.51.100.7"));
    assert.deepEqual(found.slice(0, PER_HOUR), Array(PER_HOUR).fill(200));
    assert.equal(found.at(-1), 429);
    assert.equal((await ask("198.51.100.8")).status, 200);
    await statuses(PER_HOUR, () => ask("2001:db8:1:2::1"));
    assert.equal((await ask("2001:db8:1:2:ffff::9")).status, 429, "the same network");
    assert.equal((await ask("2001:db8:1:3::1")).status, 200, "another one");
    const forged = await app.request("/api/v1/auth/state", {
      headers: from("203.0.113.1, 203.0.113.2, 198.51.100.7"),
    });
    assert.equal(forged.status, 429, "what stands before the proxy's own entry counts for nothing");
  });

  it("with wrong credentials are limited before anybody looks at them", async () => {
    const headers = { ...from("198.51.100.20"), Authorization: "Bearer p3d_nonsense" };
    const found = await statuses(PER_HOUR + 1, () => app.request("/api/v1/models", { headers }));
    assert.equal(found[0], 401);
    assert.equal(found.at(-1), 429);
    const neighbour = await admin.request("/api/v1/models", { headers: from("198.51.100.20") });
    assert.equal(neighbour.status, 200, "who shares the address is not locked out");
    assert.equal((await app.request("/api/v1/auth/state", { headers: from("198.51.100.20") })).status, 200);
  });

  it("for files have ten times as much, and for uploads a fifth", async () => {
    const member = await makeMember(app);
    const id = "00000000-0000-7000-8000-000000000000";
    const file = await member.request(`/api/v1/models/${id}/files/thumbnail.webp`);
    assert.match(file.headers.get("RateLimit-Policy") ?? "", /"files-hour";q=400;w=3600/);
    const post = () =>
      member.request("/api/v1/models", {
        method: "POST",
        body: photoForm(new Uint8Array(4), {}, "a.glb", "file"),
      });
    const found = await statuses(PER_HOUR / 5 + 1, post);
    assert.deepEqual(found.slice(0, -1), Array(PER_HOUR / 5).fill(415));
    const over = await post();
    assert.match(over.headers.get("RateLimit") ?? "", /"uploads-hour";r=0/);
    await assertLimited(over);
    assert.equal((await member.request("/api/v1/models")).status, 200);
  });

  it("without a trusted proxy go by the connection, whatever a header says", async () => {
    await using plain = await startAccountsApp({
      ...PATIENT,
      env: { ...ENV, TRUST_PROXY: "0", RATE_LIMIT_PER_MINUTE: "5" },
    });
    const found = await statuses(6, () =>
      plain.request("/api/v1/auth/state", { headers: from(`198.51.100.${Math.trunc(Math.random() * 255)}`) }),
    );
    assert.equal(found.at(-1), 429);
    await sendJson(
      plain,
      "POST",
      "/api/v1/auth/login",
      { email: "a@example.com", password: "wrong" },
      from("9.9.9.9"),
    );
    const entries = await plain.context.records.AuditEntry.findAll();
    assert.ok(!JSON.stringify(entries).includes("9.9.9.9"));
  });

  it("without sign-in are not limited on this machine, and are from elsewhere", async () => {
    await using local = await startTestApp({
      ...PATIENT,
      env: { RATE_LIMIT_PER_MINUTE: "2", RATE_LIMIT_PER_HOUR: "2" },
    });
    const found = await statuses(10, () => local.request("/api/v1/models"));
    assert.deepEqual([...new Set(found)], [200]);
    const outside = await statuses(21, () =>
      local.request("/s/nothing-is-shared-here/model.glb", { headers: from("198.51.100.1") }),
    );
    assert.equal(outside[0], 404);
    assert.equal(outside.at(-1), 429);
  });
});

describe("attempts with passwords and links", () => {
  let app: TestApp;
  let member: Member;
  before(async () => {
    app = await startAccountsApp({
      ...PATIENT,
      env: { TRUST_PROXY: "1", REGISTRATION: "open" },
      attemptRules: ATTEMPT_RULES,
    });
    member = await makeMember(app);
  });
  after(() => app.dispose());

  const tryPassword = (address: string, password = "not this one", email = member.email) =>
    sendJson(app, "POST", "/api/v1/auth/login", { email, password, tokens: true }, from(address));

  it("make their address wait, each time longer, and the right password doesn't help", async () => {
    const address = "192.0.2.10";
    assert.deepEqual(await statuses(5, () => tryPassword(address)), Array(5).fill(401));
    const first = await tryPassword(address);
    assert.equal(first.headers.get("Retry-After"), "60");
    await assertLimited(first);
    await assertLimited(await tryPassword(address, member.password));
    assert.equal((await tryPassword("192.0.2.11", member.password)).status, 200, "from elsewhere");
    await app.context.records.sequelize.query("UPDATE rate_limits SET expire = 0 WHERE key LIKE 'sign-in:%'");
    await using later = await startAccountsApp({
      ...PATIENT,
      databaseUrl: (app.config.database as { url: string }).url,
      env: { TRUST_PROXY: "1" },
      attemptRules: ATTEMPT_RULES,
    });
    const again = await statuses(5, () =>
      sendJson(later, "POST", "/api/v1/auth/login", { email: member.email, password: "no" }, from(address)),
    );
    assert.deepEqual(again, Array(5).fill(401));
    const second = await sendJson(
      later,
      "POST",
      "/api/v1/auth/login",
      { email: member.email, password: "no" },
      from(address),
    );
    assert.equal(second.headers.get("Retry-After"), "120");
    await assertLimited(second);
  });

  it("are counted before they are looked at: of many at once five are", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => tryPassword("192.0.2.20")));
    assert.equal(answers.filter(({ status }) => status === 401).length, 5);
  });

  it("that succeed are not counted", async () => {
    const found = await statuses(12, () => tryPassword("192.0.2.30", member.password));
    assert.deepEqual([...new Set(found)], [200]);
    assert.deepEqual(await statuses(4, () => tryPassword("192.0.2.30")), Array(4).fill(401));
    assert.equal((await tryPassword("192.0.2.30", member.password)).status, 200);
    assert.deepEqual(await statuses(4, () => tryPassword("192.0.2.30")), Array(4).fill(401), "forgotten");
  });

  it("on many accounts from one address are limited too, known or not", async () => {
    const found = await statuses(51, () => tryPassword("192.0.2.40", "x", `a${Math.random()}@example.com`));
    assert.equal(found.at(-1), 429);
    assert.ok(found.slice(0, 50).every((status) => status === 401));
  });

  it("to change a password count as such", async () => {
    const victim = await makeMember(app);
    const change = () =>
      victim.send("POST", "/api/v1/auth/password", {
        currentPassword: "wrong",
        newPassword: "some nine blue herons",
      });
    assert.deepEqual(await statuses(5, change), Array(5).fill(403));
    await assertLimited(await change());
  });

  it("at registration, with letters and with links are limited by address, letters by account too", async () => {
    const send = (path: string, body: object, address: string) =>
      sendJson(app, "POST", `/api/v1/auth/${path}`, body, from(address));
    const links = await statuses(31, () => send("verify", { token: "x".repeat(43) }, "192.0.2.50"));
    assert.deepEqual([...new Set(links.slice(0, 30))], [410]);
    assert.equal(links[30], 429);
    const offer = `/api/v1/invitations/by-token/${"x".repeat(43)}`;
    assert.equal((await app.request(offer, { headers: from("192.0.2.50") })).status, 429);
    assert.equal((await statuses(21, () => send("register", {}, "192.0.2.51"))).at(-1), 429);
    assert.equal((await statuses(11, () => send("forgot", {}, "192.0.2.52"))).at(-1), 429);
    let host = 60;
    const letters = await statuses(6, () => send("forgot", { email: "a@example.com" }, `192.0.2.${host++}`));
    assert.deepEqual(letters, [...Array(5).fill(202), 429]);
  });

  it("leave no address of a person in the counts", async () => {
    const [rows] = await app.context.records.sequelize.query("SELECT key FROM rate_limits");
    assert.ok(rows.length > 10);
    assert.ok(!/@|192\.0\.2/.test(JSON.stringify(rows)), JSON.stringify(rows));
  });
});

describe("counts", () => {
  const rule = { name: "test", points: 100, seconds: 60 };

  it("give out exactly the points of the rule, asking seldom", async () => {
    for (const points of [1, 7, 99, 100, 310]) {
      const counter = countersInMemory({ ...rule, points });
      let asked = 0;
      const counting = {
        ...counter,
        add: (key: string, much: number) => {
          asked++;
          return counter.add(key, much);
        },
      };
      const allowance = createAllowance(counting, { ...rule, points });
      const taken = await Promise.all(Array.from({ length: points + 50 }, () => allowance.take("a")));
      assert.equal(taken.filter(({ isOver }) => !isOver).length, points);
      assert.ok(asked <= 31, `${asked} for ${points}`);
      const before = asked;
      for (let index = 0; index < 1000; index++) assert.ok((await allowance.take("a")).isOver);
      assert.equal(asked, before, "a flood that is blocked asks nobody");
      assert.ok(allowance.spent("a"));
      assert.equal(allowance.spent("b"), null);
    }
  });

  it("go on in memory while the database is away, which is asked again after a rest", async (t) => {
    let nowMs = performance.now();
    t.mock.method(performance, "now", () => nowMs);
    const warnings: unknown[] = [];
    const sequelize = { connectionManager: { getConnection: () => Promise.reject(new Error("away")) } };
    const makeCounter = countersInPostgres({
      sequelize: sequelize as never,
      logger: { warn: (message: unknown) => void warnings.push(message) } as never,
    });
    const limits = createRequestLimits(makeCounter, { perMinute: 10, perHour: null });
    const overs = [];
    for (let index = 0; index < 12; index++) overs.push((await limits.take("requests", "a"))[0].isOver);
    assert.deepEqual(overs, [...Array(10).fill(false), true, true]);
    assert.equal(warnings.length, 1);
    nowMs += 3000;
    await limits.take("requests", "b");
    assert.equal(warnings.length, 2);
  });
});
