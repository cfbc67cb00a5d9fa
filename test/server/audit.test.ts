import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Request, Response } from "express";
import express from "express";
import type { AuditEntry } from "../../server/contract/audit.ts";
import type { AuditAction } from "../../server/contract/audit-actions.ts";
import { actorOf } from "../../server/http/actor.ts";
import { LOCAL_CALLER } from "../../server/policies/caller.ts";
import { audit, SERVER } from "../../server/services/audit.ts";
import { removeOldAudit } from "../../server/services/audit-log.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

const ADA = "01939a00-0000-7000-8000-00000000000a";
const SUBJECT = "01939a00-0000-7000-8000-0000000000ff";
const DAY_MS = 86_400_000;

describe("audit log", () => {
  let app: TestApp;
  const actor = {
    caller: { ...LOCAL_CALLER, userId: ADA, name: "ada@example.com", via: "cookie" as const },
    requestId: "request-0001",
    address: "2001:db8::7",
    userAgent: "Firefox/999",
  };
  const record = (action: AuditAction, details = {}, by: Parameters<typeof audit>[1]["by"] = actor) =>
    audit(app.context.records, { action, subjectId: SUBJECT, details, by });
  const ask = async (query: string) => {
    const response = await app.request(`/api/system/audit?${query}`);
    assert.equal(response.status, 200);
    return (await response.json()) as { items: AuditEntry[]; nextCursor: string | null; total?: number };
  };
  const actionsOf = async (query: string) => (await ask(query)).items.map(({ action }) => action);

  before(async () => {
    app = await startTestApp();
    await record("auth.signed-in");
    await record("api-key.created", { name: '=HYPERLINK("http://x","y")', password: "not for the log" });
    await record("model.removed", { because: "retention" }, SERVER);
    await record("auth.signed-out", { note: "100% of_it" });
  });
  after(() => app.dispose());

  it("tells who did what, when and from where, and hides what looks like a secret", async () => {
    const { items } = await ask("action=api-key.");
    const [{ id, createdAt, ...entry }] = items;
    assert.equal(items.length, 1);
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < DAY_MS, id);
    assert.deepEqual(entry, {
      action: "api-key.created",
      subjectId: SUBJECT,
      details: { name: '=HYPERLINK("http://x","y")', password: "[hidden]" },
      actor: { id: ADA, name: "ada@example.com", via: "cookie", apiKeyId: null },
      address: "2001:db8::7",
      userAgent: "Firefox/999",
      requestId: "request-0001",
    });
    assert.equal((await ask("action=model.removed")).items[0].actor, null);
  });

  it("is filtered by action, person, subject, time and text", async () => {
    assert.deepEqual(await actionsOf("action=auth."), ["auth.signed-out", "auth.signed-in"]);
    assert.equal((await actionsOf(`actor=${ADA}`)).length, 3);
    assert.equal((await actionsOf("actor=ADA%40")).length, 3);
    assert.deepEqual(await actionsOf("actor=%25"), [], "no wildcards");
    assert.equal((await actionsOf(`subject=${SUBJECT}`)).length, 4);
    assert.deepEqual(await actionsOf(`subject=${ADA}`), []);
    assert.deepEqual(await actionsOf("q=RETENTION"), ["model.removed"]);
    assert.deepEqual(await actionsOf(`q=${encodeURIComponent("0% of_")}`), ["auth.signed-out"]);
    assert.deepEqual(await actionsOf(`q=${encodeURIComponent("' OR true --")}`), []);
    assert.deepEqual(await actionsOf(`to=${new Date(Date.now() - DAY_MS).toISOString()}`), []);
    assert.equal((await actionsOf(`from=${new Date(Date.now() - DAY_MS).toISOString()}`)).length, 4);
    for (const wrong of ["from=0000-01-01T00:00:00Z", "action=A", "actor=%00", "q=", "format=xml", "page=2"])
      assert.equal((await app.request(`/api/system/audit?${wrong}`)).status, 400, wrong);
  });

  it("has pages, and exports all of it as CSV without formulas and as JSON lines", async () => {
    const first = await ask("limit=3&total=true");
    const second = await ask(`limit=3&cursor=${first.nextCursor}`);
    assert.deepEqual([first.items.length, first.total, second.items.length], [3, 4, 1]);
    const csv = await fetch(`${app.url}/api/system/audit?format=csv&action=api-key`);
    assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/);
    assert.match(csv.headers.get("content-disposition") ?? "", /^attachment; filename=.*\.csv/);
    const [head, line, end] = (await csv.text()).split("\r\n");
    assert.equal(
      head,
      "time,action,actor,actorId,via,apiKeyId,subjectId,address,userAgent,requestId,details,id",
    );
    const { createdAt, id } = (await ask("action=api-key")).items[0];
    const details = '"{""name"":""=HYPERLINK(\\""http://x\\"",\\""y\\"")"",""password"":""[hidden]""}"';
    assert.equal(
      line,
      `${createdAt},api-key.created,ada@example.com,${ADA},cookie,,${SUBJECT},2001:db8::7,Firefox/999,request-0001,${details},${id}`,
    );
    assert.equal(end, "");
    const lines = (await (await fetch(`${app.url}/api/system/audit?format=ndjson`)).text())
      .trim()
      .split("\n");
    assert.deepEqual(
      lines.map((text) => JSON.parse(text).id),
      [...first.items, ...second.items].map((entry) => entry.id),
    );
  });

  it("quotes cells that a spreadsheet would run", async () => {
    for (const userAgent of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'say "hi", you'])
      await record("user.changed", {}, { ...actor, userAgent });
    const csv = await (await fetch(`${app.url}/api/system/audit?format=csv&action=user.`)).text();
    for (const shown of ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", '"say ""hi"", you"'])
      assert.ok(csv.includes(`,${shown},`), shown);
  });

  it("exports thousands of entries, each once", async () => {
    const count = 1234;
    await app.context.records.sequelize.query(
      `INSERT INTO audit_log (id, action, actor_name)
         SELECT gen_random_uuid(), 'share.created', 'many@example.com' FROM generate_series(1, ${count})`,
    );
    const text = await (await fetch(`${app.url}/api/system/audit?format=ndjson&actor=many@`)).text();
    assert.equal(new Set(text.match(/"id":"[^"]+"/g)).size, count);
  });

  it("is only added to: neither changed nor, for 30 days, deleted", async () => {
    const { AuditEntry, sequelize } = app.context.records;
    const refused = /only added to/;
    await assert.rejects(AuditEntry.update({ action: "auth.x" }, { where: { subjectId: SUBJECT } }), refused);
    await assert.rejects(AuditEntry.destroy({ where: { subjectId: SUBJECT } }), refused);
    await assert.rejects(sequelize.query("TRUNCATE audit_log"), refused);
    const before = await AuditEntry.count();
    await sequelize.query(
      "INSERT INTO audit_log (id, action, created_at) VALUES (gen_random_uuid(), 'x.old', now() - interval '40 days')",
    );
    assert.equal(await removeOldAudit(app.context.records, 365), 0);
    assert.equal(await removeOldAudit(app.context.records, 31), 1);
    assert.equal(await AuditEntry.count(), before);
    const [tally] = await sequelize.query("SELECT action, deleted::int FROM audit_tally");
    assert.deepEqual(tally, [{ action: "x.old", deleted: 1 }], "what counters still count");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      assert.equal((await app.request("/api/system/audit", { method })).status, 405);
  });
});

describe("the address in the audit log", () => {
  async function addressVia(trust: number | string[], forwarded: string): Promise<string | null> {
    const app = express().set("trust proxy", trust);
    app.use((request: Request, response: Response) => void response.json(actorOf(request, response).address));
    const server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { "X-Forwarded-For": forwarded } });
    await new Promise((resolve) => server.close(resolve));
    return (await answer.json()) as string | null;
  }

  it("is the connection's unless a trusted proxy names another", async () => {
    assert.equal(await addressVia(0, "203.0.113.9"), "127.0.0.1");
    assert.equal(await addressVia(1, "198.51.100.1, 203.0.113.9"), "203.0.113.9");
    assert.equal(await addressVia(["loopback"], "::ffff:203.0.113.9"), "203.0.113.9");
    assert.equal(await addressVia(1, "fe80::1%eth0"), "fe80::1");
    assert.equal(await addressVia(1, "unknown'); DROP TABLE"), null);
  });
});
