import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { openSession } from "../../server/services/accounts/sessions.ts";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { type FuzzRequest, type FuzzRoute, readRoutes, sendRequest } from "../support/fuzz/routes.ts";
import { arbitraryOf, type Resolve, type Schema, stringFields } from "../support/fuzz/schema.ts";
import { sharePageFolder } from "../support/share-client.ts";
import { makeRecords } from "../support/walk/first-user.ts";

/** Requests of each route; FUZZ_RUNS=1000 for a long run, in which each string goes into each field. FUZZ_SEED: another one. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 12);
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);
const IS_LONG = RUNS >= 200;

const NAUGHTY = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../fixtures/naughty-strings.json"), "utf8"),
) as string[];
/** These go into every field, and of the rest each field of a short run gets every fortieth. */
const ALWAYS = new Set([
  "a\u0000b",
  "\ud800",
  "<script>alert(1)</script>",
  "__proto__",
  "' OR '1'='1",
  "x".repeat(10_000),
]);
const STRIDE = 40;

/** What an answer may say of something that isn't there, or isn't free, at that moment. */
const EXPECTED = new Set(["overloaded", "provider-key-unchecked", "shutting-down"]);

const MAX_GROWTH_BYTES = 96 * 1024 ** 2;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("whatever is sent to whatever route", () => {
  let app: TestApp;
  let page: Awaited<ReturnType<typeof sharePageFolder>>;
  let admin: Member;
  let headers: Record<string, string>;
  let routes: FuzzRoute[];
  let resolve: Resolve;
  let values: Record<string, string>;
  let known: string[];
  const sent = { requests: 0, statuses: new Map<number, number>() };

  before(async () => {
    page = await sharePageFolder();
    app = await startAccountsApp({
      pageFolder: page.folder,
      env: {
        WEBHOOK_ALLOWED_HOSTS: "127.0.0.1",
        REGISTRATION: "open",
        GENAPI_API_KEY: "a-key-of-a-test",
        GENAPI_BASE_URL: "http://127.0.0.1:9/api/v1",
      },
    });
    app.context.stopWork();
    admin = await signIn(app);
    headers = admin.headers;
    const owner = await makeMember(app);
    await app.context.records.ApiKey.create({
      id: crypto.randomUUID(),
      userId: owner.userId,
      name: "A program",
      prefix: "p3d_00000000",
      hash: Buffer.alloc(32, 1),
      scopes: ["read"],
    });
    ({ values } = await makeRecords(app, owner, admin));
    known = [...new Set(Object.values(values))].filter((value) => /^[0-9a-f-]{36}$/.test(value));
    ({ routes, resolve } = await readRoutes(app.url));
    assert.ok(routes.length > 60);
  });
  after(async () => {
    await app?.dispose();
    await page?.[Symbol.asyncDispose]();
  });

  /** The id of the thing that is there, where one is known. */
  const realParam = (route: FuzzRoute, name: string) => {
    const upTo = `${route.path.split(`{${name}}`)[0]}{${name}}`;
    return values[upTo.replace(/\{(\w+)\}/g, ":$1")];
  };

  async function renew(): Promise<void> {
    const { records, accounts } = app.context;
    const { accessToken } = await records.sequelize.transaction((transaction) =>
      openSession(accounts, admin.userId, { address: null, userAgent: null }, transaction),
    );
    headers = { Authorization: `Bearer ${accessToken}` };
  }

  async function send(route: FuzzRoute, request: FuzzRequest) {
    const answer = await sendRequest(app.url, route, request, headers);
    sent.requests++;
    sent.statuses.set(answer.status, (sent.statuses.get(answer.status) ?? 0) + 1);
    // Maintenance would refuse all that comes after it.
    if (route.path === "/api/system/maintenance")
      await app.context.switches.set("maintenance", { enabled: false, message: null });
    if (answer.status === 401 && !route.path.includes("/auth/")) await renew();
    if (answer.status >= 500) {
      const code = /"code":"([\w-]+)"/.exec(answer.text)?.[1] ?? "";
      const story = app.lines.filter(({ level }) => level === "error").slice(-1);
      const error = story.map(({ error: cause }) => String((cause as Error)?.stack ?? cause).slice(0, 1500));
      assert.ok(
        EXPECTED.has(code),
        `${route.name} ${JSON.stringify(request).slice(0, 1500)}: ${answer.status} ${answer.text.slice(0, 300)} ${error}`,
      );
    }
    return answer;
  }

  const paramsOf = (route: FuzzRoute, mutates: boolean) =>
    fc.record(
      Object.fromEntries(
        Object.entries(route.params).map(([name, schema]) => {
          const real = realParam(route, name);
          const other = arbitraryOf(schema, resolve, known, mutates);
          return [
            name,
            real
              ? fc.oneof({ weight: 4, arbitrary: fc.constant(real) }, { weight: 1, arbitrary: other })
              : other,
          ];
        }),
      ),
    );

  const requestOf = (route: FuzzRoute) =>
    fc.record({
      params: paramsOf(route, true) as fc.Arbitrary<Record<string, unknown>>,
      query: arbitraryOf(route.query, resolve, known).map(
        (value) => Object(value) as Record<string, unknown>,
      ),
      body: route.body ? arbitraryOf(route.body, resolve, known) : fc.constant(undefined),
    });

  it("shows naughty names in HTML as text", async () => {
    const address = `/api/v1/models/${values["/api/v1/models/:id"]}`;
    const html = NAUGHTY.filter((text) => /[<>"&]/.test(text) && text.length <= 200);
    assert.ok(html.length > 20);
    for (const name of html) {
      const named = await admin.send("PATCH", address, { name });
      if (named.status !== 200) continue;
      const shown = await (await app.request(`/s/${values["/s/:token"]}`)).text();
      assert.match(shown, /<title>.+<\/title>/);
      if (name.includes("<")) assert.ok(!shown.includes(name), `${name} in ${shown}`);
      const [, data] = /<script[^>]* id="share-data"[^>]*>([^<]*)<\/script>/.exec(shown) ?? [];
      assert.ok(data?.includes('"name":') && JSON.parse(data), shown);
    }
  });

  it("answers naughty strings in every field with no fault, and never as they are in HTML", async () => {
    const failures: string[] = [];
    let turn = 0;
    for (const route of routes) {
      const [base] = fc.sample(
        fc.record({
          params: paramsOf(route, false) as fc.Arbitrary<Record<string, unknown>>,
          query: fc.constant<Record<string, unknown>>({}),
          body: route.body ? arbitraryOf(route.body, resolve, known, false) : fc.constant(undefined),
        }),
        { numRuns: 1, seed: SEED },
      );
      for (const name of Object.keys(route.params))
        base.params[name] = realParam(route, name) ?? base.params[name];
      for (const field of fieldsOf(route, resolve)) {
        turn++;
        const texts = NAUGHTY.filter(
          (text, index) => IS_LONG || ALWAYS.has(text) || (index + turn) % STRIDE === 0,
        );
        for (const text of texts) {
          const request = structuredClone(base) as FuzzRequest;
          setAt(request as unknown as Record<string, unknown>, field, text);
          await send(route, request).then(
            ({ type, text: page }) => {
              if (type.includes("html") && text.includes("<") && page.includes(text))
                failures.push(`${route.name} shows ${text}`);
            },
            (error) => failures.push(error.message),
          );
        }
      }
    }
    assert.deepEqual(failures.slice(0, 20), []);
  });

  it("answers JSON and multipart of every shape with no fault, and its memory stays flat", async (t) => {
    for (const route of routes.slice(0, 20))
      await send(route, fc.sample(requestOf(route), { numRuns: 1, seed: 1 })[0]);
    const before = heapBytes();
    for (const route of routes) {
      await fc.assert(
        fc.asyncProperty(requestOf(route), async (request) => void (await send(route, request))),
        { seed: SEED, numRuns: RUNS },
      );
    }
    app.lines.length = 0;
    const growth = heapBytes() - before;
    t.diagnostic(
      `${sent.requests} requests, by status ${JSON.stringify([...sent.statuses])}; heap ${growth >> 10} KiB more`,
    );
    assert.ok(growth < MAX_GROWTH_BYTES, `${growth} bytes more than before`);
    assert.equal((await fetch(`${app.url}/health/live`)).status, 200);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

/** Where a request has texts: in its address, its query and its body. */
function fieldsOf(route: FuzzRoute, resolve: Resolve): string[][] {
  const inBody = route.body ? stringFields(route.body as Schema, resolve, ["body"]) : [];
  const inQuery = Object.keys(route.query.properties ?? {}).map((name) => ["query", name]);
  const inPath = Object.keys(route.params).map((name) => ["params", name]);
  return [...inPath, ...inQuery, ...inBody];
}

/** Sets a value deep in another, making what is missing on the way. */
function setAt(target: Record<string, unknown>, [key, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const next = target[key];
  if (typeof next !== "object" || next === null) target[key] = /^\d+$/.test(rest[0]) ? [] : {};
  setAt(target[key] as Record<string, unknown>, rest, value);
}
