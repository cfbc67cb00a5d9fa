import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { v7 as newId } from "uuid";
import type { Model } from "../../server/contract/model.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { createAs, numberedPhoto } from "../support/create-as.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { followEvents } from "../support/follow-events.ts";
import { boxGlb } from "../support/make-glb.ts";

interface Items<T> {
  items: T[];
}

describe("with several people", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let admin: Member;
  let ada: Member;
  let bob: Member;
  let viewer: Member;
  let pageFolder: string;

  before(async () => {
    pageFolder = await mkdtemp(path.join(os.tmpdir(), "page-"));
    await mkdir(path.join(pageFolder, ".vite"));
    await writeFile(path.join(pageFolder, "index.html"), "<html><head></head><body></body></html>");
    await writeFile(path.join(pageFolder, ".vite/manifest.json"), "{}");
    fake = await startFakeGenapi();
    app = await startAccountsApp({ fake, pageFolder, env: { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" } });
    app.context.stopWork();
    admin = await signIn(app);
    ada = await makeMember(app);
    bob = await makeMember(app);
    viewer = await makeMember(app, "viewer");
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
    await rm(pageFolder, { recursive: true, force: true });
  });

  const importAs = async (member: Member, name: string, tags: string[] = []) => {
    const body = photoForm(await boxGlb([0.2, 0.3, 0.1]), { name }, "box.glb", "file");
    const answer = await member.request("/api/v1/models", { method: "POST", body });
    assert.equal(answer.status, 201, await answer.clone().text());
    const { id } = (await answer.json()) as Model;
    return change(member, id, { tags });
  };
  const change = async (member: Member, id: string, changes: object) => {
    const answer = await member.send("PATCH", `/api/v1/models/${id}`, changes);
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Model;
  };
  const read = async <T>(member: Member, address: string) => {
    const answer = await member.request(address);
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as T;
  };
  const namesOf = async (member: Member, query: string) =>
    (await read<Items<Model>>(member, `/api/v1/models?sort=name&${query}`)).items.map(({ name }) => name);
  const deedsAbout = async (subjectId: string) =>
    (await app.context.records.AuditEntry.findAll({ where: { subjectId }, order: ["createdAt", "id"] })).map(
      ({ action, actorId }) => [action, actorId],
    );

  it("lists show one's own, what the team shares, and everything to administrators only", async () => {
    await importAs(ada, "a private", ["secret"]);
    const shared = await importAs(ada, "b shared", ["sofa"]);
    await importAs(bob, "c of bob", ["sofa"]);
    assert.equal((await change(ada, shared.id, { visibility: "team" })).visibility, "team");

    assert.deepEqual(await namesOf(ada, ""), ["a private", "b shared"]);
    assert.deepEqual(await namesOf(bob, "owner=me"), ["c of bob"]);
    for (const member of [ada, bob, viewer])
      assert.deepEqual(await namesOf(member, "owner=team"), ["b shared"]);
    assert.deepEqual(await namesOf(admin, ""), []);
    assert.deepEqual(await namesOf(admin, "owner=all"), ["a private", "b shared", "c of bob"]);
    assert.deepEqual(await namesOf(bob, "q=private"), []);
    for (const list of ["models?owner=all", "tags?owner=all", "generations?owner=all"])
      assert.equal((await bob.request(`/api/v1/${list}`)).status, 403, list);
    const total = await read<{ total: number }>(bob, "/api/v1/models?total=true");
    assert.equal(total.total, 1);

    const tagsOf = async (member: Member, query = "") =>
      (await read<Items<{ tag: string; count: number }>>(member, `/api/v1/tags${query}`)).items;
    assert.deepEqual(await tagsOf(bob), [{ tag: "sofa", count: 1 }]);
    assert.deepEqual(await tagsOf(bob, "?owner=team"), [{ tag: "sofa", count: 1 }]);
    assert.deepEqual(await tagsOf(admin, "?owner=all"), [
      { tag: "sofa", count: 2 },
      { tag: "secret", count: 1 },
    ]);
  });

  it("a model says whose it is and who may change it; only its owner and administrators do", async () => {
    const model = await importAs(ada, "Chair");
    assert.deepEqual(
      [model.visibility, model.owner, model.canChange],
      ["private", { id: ada.userId, name: null }, true],
    );
    const address = `/api/v1/models/${model.id}`;
    assert.equal((await bob.request(address)).status, 404);
    await change(ada, model.id, { visibility: "team" });
    assert.equal((await read<Model>(bob, address)).canChange, false);
    assert.equal((await read<Model>(viewer, address)).canChange, false);
    assert.equal((await read<Model>(admin, address)).canChange, true);
    const refused = await bob.send("PATCH", address, { visibility: "private" });
    assert.equal(refused.status, 403);
    assert.equal(((await refused.json()) as Problem).code, "not-allowed");
    assert.equal((await bob.send("POST", `${address}/shares`, {})).status, 403);
    const gallery = { title: "Mine?", modelIds: [model.id] };
    assert.equal((await bob.send("POST", "/api/v1/shares", gallery)).status, 403);

    await ada.request(address, { method: "DELETE" });
    assert.equal((await bob.request(address)).status, 404, "what is in the trash is the owner's");
    assert.ok(!(await namesOf(bob, "owner=team&status=deleted")).includes("Chair"));
    await admin.send("POST", `${address}/restore`);
    await change(admin, model.id, { visibility: "private" });
    assert.equal((await bob.request(address)).status, 404);
    assert.deepEqual(await deedsAbout(model.id), [
      ["model.visibility-changed", ada.userId],
      ["model.deleted", ada.userId],
      ["model.restored", admin.userId],
      ["model.visibility-changed", admin.userId],
    ]);
  });

  it("a link that an administrator makes is the owner's, and both are on record", async () => {
    const model = await importAs(ada, "Table");
    const made = await admin.send("POST", `/api/v1/models/${model.id}/shares`, {});
    assert.equal(made.status, 201);
    const share = (await made.json()) as { id: string; token: string };
    const mine = await read<Items<{ id: string }>>(ada, "/api/v1/shares");
    assert.deepEqual(
      mine.items.map(({ id }) => id),
      [share.id],
    );
    assert.equal((await app.request(`/s/${share.token}/share.json`)).status, 200);
    assert.equal((await bob.request(`/api/v1/shares/${share.id}`, { method: "DELETE" })).status, 404);
    assert.equal((await ada.request(`/api/v1/shares/${share.id}`, { method: "DELETE" })).status, 204);
    assert.deepEqual(await deedsAbout(share.id), [
      ["share.created", admin.userId],
      ["share.revoked", ada.userId],
    ]);
  });

  it("what somebody makes is theirs, and an idempotency key is each one's own", async () => {
    const order = async (member: Member, photo: number) => {
      const answer = await member.request("/api/v1/generations", {
        method: "POST",
        body: photoForm(await numberedPhoto(photo)),
        headers: { "Idempotency-Key": "the-same-key" },
      });
      assert.equal(answer.status, 202, await answer.clone().text());
      return ((await answer.json()) as { id: string }).id;
    };
    const [first, second] = [await order(ada, 1), await order(bob, 2)];
    assert.notEqual(first, second);
    assert.equal(await order(ada, 1), first);
    const { items } = await read<Items<{ id: string }>>(bob, "/api/v1/generations");
    assert.deepEqual(
      items.map(({ id }) => id),
      [second],
    );
    const all = await read<Items<{ id: string }>>(admin, "/api/v1/generations?owner=all");
    assert.deepEqual(all.items.map(({ id }) => id).sort(), [first, second].sort());
  });

  it("a second charge is accepted by the owner or an administrator, never by another, and is on record", async () => {
    const { records } = app.context;
    const { id } = await createAs(app, ada.userId, { photo: 3 });
    await records.Attempt.create({
      id: newId(),
      generationId: id,
      number: 1,
      nonce: newId().replaceAll("-", ""),
      state: "unknown",
      closedAt: new Date(),
    });
    const doubtful = { status: "needs-confirmation", attempts: 1 } as const;
    await records.Generation.update(doubtful, { where: { id } });
    const retry = (member: Member, acceptSecondCharge: boolean) =>
      member.send("POST", `/api/v1/generations/${id}/retry`, { acceptSecondCharge });
    assert.equal((await retry(bob, true)).status, 404);
    assert.equal((await retry(viewer, true)).status, 403);
    assert.equal((await retry(ada, false)).status, 409);
    assert.deepEqual(await deedsAbout(id), []);
    assert.equal((await retry(ada, true)).status, 202);
    assert.deepEqual(await deedsAbout(id), [["generation.second-charge-accepted", ada.userId]]);
    await records.Generation.update(doubtful, { where: { id } });
    assert.equal((await retry(admin, true)).status, 202);
    assert.deepEqual((await deedsAbout(id)).at(-1), ["generation.second-charge-accepted", admin.userId]);
  });

  it("streams tell everyone of their own work alone, and end with the right to read them", async () => {
    const [adas, bobs, admins] = [
      await followEvents(app, ada.headers),
      await followEvents(app, bob.headers),
      await followEvents(app, admin.headers),
    ];
    const ofAda = await createAs(app, ada.userId, { photo: 4 });
    const ofBob = await createAs(app, bob.userId, { photo: 5 });
    await app.context.records.Generation.update({ progress: 40 }, { where: { id: [ofAda.id, ofBob.id] } });
    await adas.until(({ id }) => id === ofAda.id);
    await bobs.until(({ id }) => id === ofBob.id);
    const one = await followEvents(app, ada.headers, `/api/v1/generations/${ofAda.id}/events`);
    await one.until(({ id }) => id === ofAda.id);
    const { items } = await read<Items<{ id: string }>>(bob, "/api/v1/generations");
    const bobsOwn = new Set(items.map(({ id }) => id));
    assert.ok(adas.seen.every(({ id }) => !bobsOwn.has(id)));
    assert.ok(bobs.seen.every(({ id }) => bobsOwn.has(id)));
    assert.deepEqual(admins.seen, []);

    await ada.send("POST", "/api/v1/auth/logout", {});
    await Promise.all([adas.ended, one.ended]);
    await app.context.records.User.update({ disabledAt: new Date() }, { where: { id: bob.userId } });
    await bobs.ended;
    await admins.leave();
    await app.context.records.User.update({ disabledAt: null }, { where: { id: bob.userId } });
    ada = await signIn(app, ada.email, ada.password);
  });

  it("webhooks hear of their owner's things alone", async () => {
    const listen = async (member: Member) => {
      const order = { url: "http://127.0.0.1:9/", eventTypes: ["model.created"] };
      const answer = await member.send("POST", "/api/v1/webhooks", order);
      assert.equal(answer.status, 201, await answer.clone().text());
      return ((await answer.json()) as { id: string }).id;
    };
    const [adas, bobs] = [await listen(ada), await listen(bob)];
    await change(ada, (await importAs(ada, "Stool")).id, { visibility: "team" });
    const heard = (endpointId: string) =>
      app.context.records.WebhookDelivery.count({ where: { endpointId } });
    assert.deepEqual([await heard(adas), await heard(bobs)], [1, 0]);
    assert.equal((await admin.request(`/api/v1/webhooks/${adas}`)).status, 404);
  });

  it("the page's HTML tells of a model only to whoever may see it", async () => {
    const model = await importAs(ada, "Lamp");
    const open = async (member: Member | null, id = model.id) => {
      const headers = member ? { Cookie: `p3d_access=${member.accessToken}` } : undefined;
      const answer = await fetch(`${app.url}/models/${id}`, { headers: { Accept: "text/html", ...headers } });
      assert.equal(answer.headers.get("cache-control"), "private, no-cache");
      return { status: answer.status, tells: (await answer.text()).includes("/files/model.glb") };
    };
    assert.deepEqual(await open(ada), { status: 200, tells: true });
    assert.deepEqual(await open(admin), { status: 200, tells: true });
    assert.deepEqual(await open(bob), { status: 404, tells: false });
    assert.deepEqual(await open(null), { status: 200, tells: false });
    assert.deepEqual(
      await open(null, newId()),
      { status: 200, tells: false },
      "as for a model that is there",
    );
    assert.deepEqual(await open({ ...ada, accessToken: `${ada.accessToken}x` }), {
      status: 200,
      tells: false,
    });
    await change(ada, model.id, { visibility: "team" });
    assert.deepEqual(await open(bob), { status: 200, tells: true });
    assert.deepEqual(await open(viewer), { status: 200, tells: true });
  });
});
