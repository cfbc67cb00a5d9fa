import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createApp, declaredRoutes } from "../../server/app.ts";
import type { Route } from "../../server/http/route.ts";
import { startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { callRoute } from "../support/walk/call.ts";
import { fillPath, makeRecords } from "../support/walk/first-user.ts";
import { gatherIdentities, type Identity, JWT_SECRET, OPS_TOKEN } from "../support/walk/identities.ts";
import { mountedRoutes } from "../support/walk/mounted.ts";
import { PLANTED } from "../support/walk/planted.ts";
import { type Sample, samplesOf } from "../support/walk/samples.ts";
import { type State, watchState } from "../support/walk/state.ts";

/** Routes whose `:name` is no record of a user: whoever may call them may call them for every value. */
const NO_RECORDS = /^\/(s|hooks|api\/v1\/(providers|provider-keys|invitations\/by-token))\//;

/** What is for everyone: probes, share links, callbacks, and the ways in. */
const PUBLIC =
  /^(GET \/(api|(api\/)?health(\/(database|live|metrics|ready|startup))?|s\/.+)|POST \/hooks\/genapi\/:nonce|GET \/api\/v1\/(auth\/state|invitations\/by-token\/:token)|POST \/api\/v1\/auth\/(first-admin|forgot|login|logout|refresh|register|reset|verify))$/;

/** The reference and the page, which are nobody's; see docs/access.md. */
const UNDECLARED = [
  "GET /openapi.json",
  "GET /docs",
  "GET /docs/start.js",
  "GET /",
  "GET /{*path}",
  "GET /index.html",
];

const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

/** What the design promises: a status, or null where the call goes through. */
function refusalOf({ access, relation }: Route, identity: Identity, isShared: boolean): number | null {
  if (!identity.may.includes(access)) return identity.known ? 403 : 401;
  if (!relation || identity.is === "owner") return null;
  if (relation !== "own" && identity.is === "admin") return null;
  if (!isShared) return 404;
  return relation === "see" ? null : 403;
}

interface Refusal {
  identity: Identity;
  status: number;
}

describe("every route with every identity", () => {
  let app: TestApp;
  let routes: Route[];
  let state: State;
  let people: Awaited<ReturnType<typeof gatherIdentities>>;
  let things: Awaited<ReturnType<typeof makeRecords>>;

  before(async () => {
    app = await startAccountsApp({
      env: {
        OPS_TOKEN,
        JWT_SECRET,
        WEBHOOK_ALLOWED_HOSTS: "127.0.0.1",
        RATE_LIMIT_PER_MINUTE: "0",
        RATE_LIMIT_PER_HOUR: "0",
      },
    });
    app.context.stopWork();
    routes = declaredRoutes(app.context);
    people = await gatherIdentities(app);
    things = await makeRecords(app, people.owner, people.admin);
    state = await watchState(app.context.records.sequelize, app.uploads);
    await state.keep();
  });
  after(() => app.dispose());

  /** No cache between the server and its callers may keep an answer for somebody else. */
  function checkKept(headers: Headers, what: string) {
    assert.match(headers.get("cache-control") ?? "nothing", /\b(private|no-store)\b/, what);
    assert.doesNotMatch(headers.get("cache-control") ?? "", /public|s-maxage/, what);
  }

  async function refuse(route: Route, sample: Sample, address: string, refusals: Refusal[]) {
    for (const { identity, status } of refusals) {
      const answer = await callRoute(address, route, sample, identity.headers);
      const what = `${nameOf(route)}${sample.query ?? ""} by ${identity.name}: ${answer.text.slice(0, 300)}`;
      assert.equal(answer.status, status, what);
      checkKept(answer.headers, what);
      assert.match(answer.text, /"code":/, what);
      assert.ok(!answer.text.includes(PLANTED), `tells of the first user: ${what}`);
    }
    if (route.method !== "get") assert.deepEqual(await state.changed(), [], `${nameOf(route)} was refused`);
  }

  async function pass(route: Route, sample: Sample, address: string, identity: Identity) {
    const { status, text, headers } = await callRoute(address, route, sample, identity.headers);
    const what = `${nameOf(route)}${sample.query ?? ""} by ${identity.name}: ${status} ${text.slice(0, 300)}`;
    assert.ok(sample.passes?.includes(status) ?? (status >= 200 && status < 300), what);
    checkKept(headers, what);
    const mayRead = identity.is !== "other" || /^\/s\//.test(route.path) || route.access.startsWith("admin");
    if (!mayRead) assert.ok(!text.includes(PLANTED), `tells of the first user: ${what}`);
    if (route.method === "get") return;
    await state.restore();
    const mayBeSignedOut = /\/(auth|users|api-keys)\b/.test(route.path);
    if (!mayBeSignedOut || !identity.renew) return;
    identity.headers = await identity.renew();
    await state.keep();
  }

  async function visit(route: Route, values: Record<string, string>, isShared: boolean) {
    const samples = samplesOf(route.method.toUpperCase(), route.path);
    assert.ok(samples, `${nameOf(route)} needs a sample in test/support/walk/samples.ts`);
    const address = app.url + fillPath(route.path, values);
    const refusals = people.identities.flatMap((identity) => {
      const status = refusalOf(route, identity, isShared);
      return status === null ? [] : [{ identity, status }];
    });
    const passing = people.identities.filter((identity) => refusalOf(route, identity, isShared) === null);
    for (const sample of samples) {
      await refuse(route, sample, address, refusals);
      for (const identity of passing) await pass(route, sample, address, identity);
    }
  }

  it("is declared: nothing is mounted that no table knows", () => {
    const declared = new Set([...routes.map(nameOf), ...UNDECLARED]);
    const mounted = mountedRoutes(createApp(app.context));
    assert.ok(mounted.length >= routes.length, "the routes of the app are found");
    const unknown = mounted.filter((name) => !declared.has(name));
    assert.deepEqual(unknown, []);
  });

  it("says what its caller must be to the record that it names", () => {
    const silent = routes.filter(
      ({ path, access, relation }) =>
        path.includes(":") && !relation && !access.startsWith("admin") && !NO_RECORDS.test(path),
    );
    assert.deepEqual(silent.map(nameOf), []);
  });

  it("is public only where that was decided, and changes nothing for those who only read", () => {
    const open = routes.filter(({ access }) => access === "public").map(nameOf);
    assert.deepEqual(
      open.filter((name) => !PUBLIC.test(name)),
      [],
    );
    const changing = routes.filter(({ method, access }) => method !== "get" && access === "read");
    assert.deepEqual(changing.map(nameOf), []);
  });

  it("refuses whom it must, changes nothing then, and tells nobody of another's things", async () => {
    for (const route of routes) await visit(route, things.values, false);
  });

  it("shows what is shared with the team to every member, and lets none of them change it", async () => {
    const values = { ...things.values, "/api/v1/models/:id": things.team.id };
    const ofModels = routes.filter(({ path, relation }) => relation && path.startsWith("/api/v1/models/:id"));
    assert.ok(ofModels.length >= 8);
    for (const route of ofModels) await visit(route, values, true);
  });
});
