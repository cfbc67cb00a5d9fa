import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { QueryTypes } from "sequelize";
import type { ApiKeyWithText } from "../../server/contract/api-key.ts";
import type { Generation } from "../../server/contract/generation.ts";
import type { WebhookWithSecret } from "../../server/contract/webhook.ts";
import { type Member, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { numberedPhoto } from "../support/create-as.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type FakeCall, json } from "../support/fake-genapi/steps.ts";

const random = () => randomBytes(33).toString("base64url");

/** Everything that nobody may find. Settings first, what people bring and get is added on the way. */
const planted: Record<string, string> = {
  "the service's key": `genapi-${random()}`,
  "the own key": `own-${random()}`,
  "the refused key": `refused-${random()}`,
  OPS_TOKEN: random(),
  JWT_SECRET: random(),
  SESSION_SECRET: random(),
  API_ENCRYPTION_KEY: random(),
  API_ENCRYPTION_SALT: random(),
  "the wrong password": random(),
};
const ADMIN_PASSWORD = `tram ${random()}`;

let fake: FakeGenapi;
let app: TestApp;
let admin: Member;
/** Every answer except those that show a secret once, on purpose. */
const answers: string[] = [];

/** A request whose answer must be free of secrets. */
async function ask(path: string, init?: RequestInit): Promise<Response> {
  const answer = await admin.request(path, init);
  answers.push(JSON.stringify([...answer.headers]), await answer.clone().text());
  return answer;
}
const send = (method: string, path: string, body: unknown) =>
  ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ended({ id }: Generation): Promise<Generation> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const last = (await (await ask(`/api/v1/generations/${id}`)).json()) as Generation;
    if (last.finishedAt) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The generation did not get there");
}

async function order(photo: number): Promise<Generation> {
  const body = photoForm(await numberedPhoto(photo), { provider: "genapi" });
  return (await (await ask("/api/v1/generations", { method: "POST", body })).json()) as Generation;
}

before(async () => {
  fake = await startFakeGenapi({ key: planted["the service's key"] });
  fake.accounts.set(planted["the own key"], { balance: 300 });
  const { OPS_TOKEN, JWT_SECRET, SESSION_SECRET, API_ENCRYPTION_KEY, API_ENCRYPTION_SALT } = planted;
  const secrets = { OPS_TOKEN, JWT_SECRET, SESSION_SECRET, API_ENCRYPTION_KEY, API_ENCRYPTION_SALT };
  app = await startAccountsApp({
    fake,
    env: { ...secrets, ADMIN_PASSWORD, WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" },
  });
  admin = await signIn(app, undefined, ADMIN_PASSWORD);
  Object.assign(planted, {
    "the password": ADMIN_PASSWORD,
    "the access token": admin.accessToken,
    "the refresh token": admin.refreshToken,
  });
});
after(async () => {
  await app.dispose();
  await fake.dispose();
});

test("what people bring and get is used in every way, well and badly", async () => {
  const wrong = { email: admin.email, password: planted["the wrong password"] };
  assert.equal((await send("POST", "/api/v1/auth/login", wrong)).status, 401);
  const path = "/api/v1/provider-keys/genapi";
  assert.equal((await send("PUT", path, { key: planted["the refused key"] })).status, 422);
  assert.equal(
    (await send("PUT", path, { key: planted["the own key"], more: planted["the own key"] })).status,
    400,
  );
  // While the key is not saved yet the service pays, and the provider quotes its key.
  fake.script(BEHAVIOURS["echoes-key"], BEHAVIOURS.ok);
  assert.equal((await ended(await order(1))).status, "failed");
  assert.equal((await send("PUT", path, { key: planted["the own key"] })).status, 200);
  fake.script(BEHAVIOURS["echoes-key"], {
    ...BEHAVIOURS.ok,
    polls: [
      json(200, ({ request }: FakeCall) => ({
        status: "error",
        result: [String(request.headers.authorization)],
      })),
    ],
  });
  for (const photo of [2, 3]) assert.equal((await ended(await order(photo))).status, "failed");

  const made = await admin.send("POST", "/api/v1/api-keys", { name: "Shop", scopes: ["read"] });
  const { key } = (await made.json()) as ApiKeyWithText;
  planted["the API key"] = key.slice(12);
  const hook = { url: `${fake.url}/hook`, eventTypes: ["generation.failed"] };
  const webhook = (await (await admin.send("POST", "/api/v1/webhooks", hook)).json()) as WebhookWithSecret;
  const renewed = await admin.send("POST", `/api/v1/webhooks/${webhook.id}/secret`);
  planted["the first webhook secret"] = webhook.secret.slice(6);
  planted["the second webhook secret"] = ((await renewed.json()) as WebhookWithSecret).secret.slice(6);
  await ask(`/api/v1/webhooks/${webhook.id}/test`, { method: "POST" });

  for (const secret of Object.values(planted)) {
    await ask("/api/v1/models", { headers: { Authorization: `Bearer ${secret}x` } });
    await ask("/api/v1/models/00000000-0000-7000-8000-00000000000f", {
      headers: { Cookie: `p3d_access=${secret}` },
    });
  }
  await ask("/api/v1/models", { headers: { Authorization: `Bearer ${key}` } });
  const { logger } = app.context;
  const error = new Error(`connect postgres://u:${planted["the own key"]}@db/x as ${ADMIN_PASSWORD}`);
  logger.error(`It failed with ${key}`, { error, request: { headers: { authorization: `Bearer ${key}` } } });
});

test("no answer, no metric and no line of the log has any of it", async () => {
  const openapi = (await (await ask("/openapi.json")).json()) as { paths: Record<string, { get?: unknown }> };
  const paths = Object.entries(openapi.paths).flatMap(([path, { get }]) =>
    get && !path.includes("{") ? [path] : [],
  );
  // Streams don't end.
  for (const path of paths.filter((path) => !path.endsWith("/events"))) {
    await ask(path, { headers: path === "/metrics" ? { Authorization: `Bearer ${planted.OPS_TOKEN}` } : {} });
  }
  assert.ok(paths.length > 15 && answers.some((text) => text.includes("photo_to_3d_")));
  const seen = { answers: answers.join("\n"), log: JSON.stringify(app.lines) };
  for (const [where, text] of Object.entries(seen)) {
    for (const [name, secret] of Object.entries(planted))
      assert.ok(!text.includes(secret), `${name} is in the ${where}`);
  }
});

test("a dump of the database has none of it in clear, in hexadecimal or in base64", async () => {
  const { sequelize } = app.context.records;
  const tables = await sequelize.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    { type: QueryTypes.SELECT },
  );
  const dump: string[] = [];
  for (const { name } of tables) {
    const rows = await sequelize.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`, {
      type: QueryTypes.SELECT,
    });
    dump.push(...rows.map(({ text }) => text));
  }
  const text = dump.join("\n");
  assert.ok(tables.length > 20 && text.includes(admin.email) && text.includes("sealed:v1:"));
  for (const [name, secret] of Object.entries(planted)) {
    const bytes = Buffer.from(secret);
    const forms = [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=*$/, "")];
    for (const form of forms) assert.ok(!text.includes(form), `${name} is in the database`);
  }
});
