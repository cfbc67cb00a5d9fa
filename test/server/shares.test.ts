import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EmbedSite } from "../../server/contract/embed-site.ts";
import { SHARE_LIMITS, type Share, type Shared } from "../../server/contract/share.ts";
import { reachOf } from "../../server/http/public-origin.ts";
import { removeRevokedShares } from "../../server/services/shares.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { readModel } from "../support/client.ts";
import { addOtherUser, OTHER_USER } from "../support/create-as.ts";
import { importBox, send, shareGallery, shareModel } from "../support/share-client.ts";

const DAY_MS = 86_400_000;

describe("links as their owner manages them", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
    await addOtherUser(app);
  });
  after(() => app.dispose());

  const list = async (path: string) =>
    ((await (await app.request(path)).json()) as { items: Share[]; nextCursor: string | null }).items;
  const give = (table: "models_3d" | "shares", id: string) =>
    app.context.records.sequelize.query(`UPDATE ${table} SET user_id = $1 WHERE id = $2`, {
      bind: [OTHER_USER, id],
    });

  it("are made, listed, changed and revoked", async () => {
    const model = await importBox(app);
    const plain = await shareModel(app, model.id);
    assert.match(plain.token, /^[\w-]{22}$/);
    assert.deepEqual(
      [plain.kind, plain.modelId, plain.url, plain.embedUrl, plain.reachable],
      ["model", model.id, `${app.url}/s/${plain.token}`, `${app.url}/s/${plain.token}/embed`, "local"],
    );
    assert.deepEqual([plain.expiresAt, plain.expired, plain.embedSites, plain.opens], [null, false, [], 0]);
    const timed = await shareModel(app, model.id, {
      expiresInDays: 3,
      embedSites: ["https://Shop.Example/", "https://shop.example"],
    });
    assert.equal(Date.parse(timed.expiresAt!) - Date.parse(timed.createdAt), 3 * DAY_MS);
    assert.deepEqual(timed.embedSites, ["https://shop.example"]);
    const path = `/api/v1/models/${model.id}/shares`;
    assert.deepEqual(await list(path), [timed, plain]);

    const one = `/api/v1/shares/${timed.id}`;
    const changed = await send(app, "PATCH", one, { expiresInDays: null, embedSites: [] });
    assert.deepEqual(await changed.json(), { ...timed, expiresAt: null, embedSites: [] });
    assert.equal((await send(app, "PATCH", one, {})).status, 400);

    assert.equal((await app.request(one, { method: "DELETE" })).status, 204);
    for (const method of ["GET", "DELETE"]) assert.equal((await app.request(one, { method })).status, 404);
    assert.equal((await send(app, "PATCH", one, { expiresInDays: 1 })).status, 404);
    assert.deepEqual(await list(path), [plain]);
    assert.equal((await app.request(path, { method: "DELETE" })).status, 204);
    assert.deepEqual(await list(path), []);
  });

  it("make the files for phones ahead", async () => {
    const model = await importBox(app);
    await shareModel(app, model.id);
    const made = async () => Object.entries((await readModel(app, model.id)).exports);
    while ((await made()).filter(([, file]) => file.bytes).length < 2) await sleep(50);
    const kinds = (await made()).filter(([, file]) => file.bytes).map(([kind]) => kind);
    assert.deepEqual(kinds.sort(), ["ar", "usdz"]);
  });

  it("are bounded for each model, also when asked for at once", async () => {
    const model = await importBox(app);
    const wanted = Array.from({ length: SHARE_LIMITS.ofModel + 3 }, () =>
      send(app, "POST", `/api/v1/models/${model.id}/shares`),
    );
    const refused = (await Promise.all(wanted)).filter(({ status }) => status !== 201);
    assert.deepEqual(
      refused.map(({ status }) => status),
      [409, 409, 409],
    );
    const words = await app.request(`/api/v1/models/${model.id}/shares`, {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json", "Accept-Language": "ru" },
    });
    assert.match(((await words.json()) as { detail: string }).detail, /может быть 20 ссылок/);
    const [first] = await list(`/api/v1/models/${model.id}/shares`);
    await app.request(`/api/v1/shares/${first.id}`, { method: "DELETE" });
    await shareModel(app, model.id);
    await app.request(`/api/v1/models/${model.id}/shares`, { method: "DELETE" });
  });

  it("are their owner's, also where an administrator looks after them, and show only what is", async () => {
    const [mine, foreign] = [await importBox(app), await importBox(app)];
    const theirs = await shareModel(app, foreign.id);
    await give("models_3d", foreign.id);
    await give("shares", theirs.id);
    assert.equal((await app.request(`/api/v1/shares/${theirs.id}`)).status, 200);
    assert.equal((await send(app, "PATCH", `/api/v1/shares/${theirs.id}`, { expiresInDays: 1 })).status, 200);
    const more = await shareModel(app, foreign.id);
    const ofModel = await list(`/api/v1/models/${foreign.id}/shares`);
    assert.deepEqual(ofModel.map(({ id }) => id).sort(), [theirs.id, more.id].sort());
    assert.ok((await list("/api/v1/shares")).every(({ modelId }) => modelId !== foreign.id));
    assert.equal((await app.request(`/s/${more.token}/share.json`)).status, 200, "made for its owner");
    const gallery = await send(app, "POST", "/api/v1/shares", { modelIds: [mine.id, foreign.id] });
    assert.equal(gallery.status, 403);
    assert.equal((await app.request(`/api/v1/shares/${more.id}`, { method: "DELETE" })).status, 204);
    assert.equal((await app.request(`/s/${more.token}/share.json`)).status, 404);
    assert.equal((await app.request(`/s/${theirs.token}/share.json`)).status, 200, "theirs goes on");
    await app.request(`/api/v1/models/${mine.id}`, { method: "DELETE" });
    assert.equal((await send(app, "POST", `/api/v1/models/${mine.id}/shares`)).status, 404, "in the trash");
  });

  it("show a gallery by a tag or by a list, not by both, and page through all of them", async () => {
    const model = await importBox(app);
    const byTag = await shareGallery(app, { tag: "sofa", title: "Диваны", expiresInDays: 1 });
    const byList = await shareGallery(app, { modelIds: [model.id] });
    assert.deepEqual(
      [byTag.kind, byTag.tag, byTag.modelIds, byTag.title],
      ["gallery", "sofa", null, "Диваны"],
    );
    assert.deepEqual([byList.modelId, byList.tag, byList.modelIds], [null, null, [model.id]]);
    const wrong = [
      {},
      { tag: "sofa", modelIds: [model.id] },
      { modelIds: [] },
      { modelIds: [model.id, model.id] },
      { tag: "sofa", expiresInDays: 0 },
      { tag: "sofa", embedSites: ["shop.example"] },
    ];
    for (const body of wrong)
      assert.equal((await send(app, "POST", "/api/v1/shares", body)).status, 400, JSON.stringify(body));
    const page = (await (await app.request("/api/v1/shares?limit=1")).json()) as { nextCursor: string };
    assert.deepEqual(await list("/api/v1/shares?limit=1"), [byList]);
    assert.deepEqual(await list(`/api/v1/shares?limit=1&cursor=${page.nextCursor}`), [byTag]);
  });

  it("show what the tag or the list names, and nothing else", async () => {
    const [one, two] = [await importBox(app, "One"), await importBox(app, "Two")];
    const tag = (id: string, tags: string[]) => send(app, "PATCH", `/api/v1/models/${id}`, { tags });
    await tag(one.id, ["shelf"]);
    const byTag = await shareGallery(app, { tag: "shelf" });
    const byList = await shareGallery(app, { modelIds: [two.id, one.id] });
    const single = await shareModel(app, one.id);
    const shown = async ({ token }: Share) =>
      ((await (await app.request(`/s/${token}/share.json`)).json()) as Shared).models;
    const names = async (share: Share) => (await shown(share)).map(({ name }) => name);
    assert.deepEqual(await names(byTag), ["One"]);
    await tag(two.id, ["shelf"]);
    assert.deepEqual(await names(byTag), ["Two", "One"]);
    assert.deepEqual(await names(byList), ["Two", "One"]);
    const status = async (url: string) => (await app.request(url)).status;
    for (const { files } of await shown(byTag))
      for (const file of Object.values(files)) if (file) assert.equal(await status(file.url), 200, file.url);

    const fileOf = ({ token }: Share, { id }: { id: string }) => `/s/${token}/models/${id}/model.glb`;
    const outside = await importBox(app, "Outside");
    assert.equal(await status(fileOf(byTag, outside)), 404);
    assert.equal(await status(fileOf(byList, outside)), 404);
    assert.equal(await status(fileOf(single, one)), 404, "not a gallery");
    assert.equal(await status(`/s/${byTag.token}/model.glb`), 404, "of no model");
    await tag(two.id, []);
    assert.equal(await status(fileOf(byTag, two)), 404, "tag taken away");
    await send(app, "PATCH", `/api/v1/models/${one.id}`, { status: "archived" });
    assert.deepEqual(await names(byTag), [], "archived");
    await app.request(`/api/v1/models/${two.id}`, { method: "DELETE" });
    assert.deepEqual(await names(byList), ["One"]);
    assert.equal(await status(fileOf(byList, two)), 404, "in the trash");
  });

  it("leave no rows for ever once they are revoked", async () => {
    const { records } = app.context;
    const model = await importBox(app);
    const [kept, old, recent] = [
      await shareModel(app, model.id),
      await shareModel(app, model.id),
      await shareModel(app, model.id),
    ];
    for (const { id } of [old, recent]) await app.request(`/api/v1/shares/${id}`, { method: "DELETE" });
    await records.sequelize.query("UPDATE shares SET revoked_at = now() - interval '31 days' WHERE id = $1", {
      bind: [old.id],
    });
    await removeRevokedShares(records);
    const left = await records.Share.findAll({ where: { modelId: model.id }, order: ["id"] });
    assert.deepEqual(
      left.map(({ id }) => id),
      [kept.id, recent.id],
    );
  });
});

describe("sites that may show a link", () => {
  it("are origins, over https or on this machine", () => {
    const good = {
      "https://shop.example": "https://shop.example",
      " https://SHOP.example/ ": "https://shop.example",
      "https://shop.example:443": "https://shop.example",
      "https://shop.example:8443": "https://shop.example:8443",
      "https://*.shop.example": "https://*.shop.example",
      "https://*.shop.example:8443": "https://*.shop.example:8443",
      "https://магазин.рф": "https://xn--80aairftm.xn--p1ai",
      "http://localhost:5173": "http://localhost:5173",
      "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    };
    for (const [given, kept] of Object.entries(good)) assert.equal(EmbedSite.parse(given), kept, given);
    const bad = [
      "shop.example",
      "http://shop.example",
      "https://*",
      "https://*.com",
      "https://*.*.shop.example",
      "https://shop.*.example",
      "https://shop.example/page",
      "https://shop.example?x",
      "https://user@shop.example",
      "https://shop.example; script-src *",
      "https://shop.example 'self'",
      "https://10.0.0.1",
      "javascript:alert(1)",
      "*",
      "'self'",
      "",
    ];
    for (const given of bad) assert.equal(EmbedSite.safeParse(given).success, false, given);
  });
});

it("tells who can open an address", () => {
  const reaches = {
    "https://models.example": "public",
    "https://8.8.8.8": "public",
    "http://localhost:3001": "local",
    "http://127.0.0.1:3001": "local",
    "http://[::1]:3001": "local",
    "http://192.168.1.7:3001": "network",
    "http://[fd00::1]:3001": "network",
    "http://studio:3001": "network",
    "http://studio.local": "network",
  };
  for (const [origin, reach] of Object.entries(reaches)) assert.equal(reachOf(origin), reach, origin);
});
