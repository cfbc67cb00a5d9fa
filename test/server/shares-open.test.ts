import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { after, before, describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import type { Problem } from "../../server/contract/problem.ts";
import type { Share, Shared } from "../../server/contract/share.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { importBox, send, shareGallery, shareModel, sharePageFolder } from "../support/share-client.ts";

const NAME = `Ящик "$&" </script><b>`;
const UNKNOWN = "A".repeat(22);

describe("what a share link shows", () => {
  let app: TestApp;
  let page: Awaited<ReturnType<typeof sharePageFolder>>;
  let model: Model;
  let share: Share;
  let root: string;

  before(async () => {
    page = await sharePageFolder();
    app = await startTestApp({ pageFolder: page.folder });
    model = await importBox(app, NAME);
    share = await shareModel(app, model.id, {
      embedSites: ["https://shop.example", "https://*.shop.example"],
    });
    root = `/s/${share.token}`;
  });
  after(async () => {
    await app.dispose();
    await page[Symbol.asyncDispose]();
  });

  const open = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const sql = (text: string, id: string) => app.context.records.sequelize.query(text, { bind: [id] });
  const problem = async (path: string, language = "en") =>
    (await (await open(path, { "Accept-Language": language })).json()) as Problem;

  /** What the page's script reads. */
  function dataOf(html: string): Shared {
    const text = /<script type="application\/json" id="share-data">([^<]*)<\/script>/.exec(html)?.[1];
    return JSON.parse(text ?? "") as Shared;
  }

  it("shows the model's notes, and does not call a guessed size measured", async () => {
    const note = { id: "a", position: [0.5, 1, 0.5], normal: [0, 1, 0], text: "Lid" };
    const changed = await send(app, "PATCH", `/api/v1/models/${model.id}`, { hotspots: [note] });
    assert.equal(changed.status, 200);
    await sql("UPDATE models_3d SET report = '{\"scaleAssumed\": true}' WHERE id = $1", model.id);
    const [shown] = dataOf(await (await open(root)).text()).models;
    assert.deepEqual([shown.hotspots, shown.sizeAssumed], [[note], true]);
    await sql("UPDATE models_3d SET report = NULL, metadata = '{\"hotspots\": 5}' WHERE id = $1", model.id);
    const [foreign] = dataOf(await (await open(root)).text()).models;
    assert.deepEqual([foreign.hotspots, foreign.sizeAssumed], [[], false]);
  });

  it("is a page with its data, a picture for messengers and no word for search engines", async () => {
    const answer = await open(root, { "Accept-Language": "ru,en;q=0.5" });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
    assert.equal(answer.headers.get("x-robots-tag"), "noindex");
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.equal(answer.headers.get("set-cookie"), null);
    const html = await answer.text();
    assert.ok(html.includes(`<title>Ящик &quot;$&amp;&quot; &lt;/script&gt;&lt;b&gt;</title>`));
    assert.match(html, /<html lang="ru"/);
    const meta = (name: string) =>
      new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)">`).exec(html)?.[1];
    const { models, url, title, expiresAt } = dataOf(html);
    assert.equal(meta("og:image"), app.url + models[0].files.poster!.url);
    assert.equal(meta("og:url"), share.url);
    assert.equal(meta("twitter:card"), "summary_large_image");
    assert.match(meta("description") ?? "", /^3D-модель, 20 × 10 × 30 см\. .*в настоящем размере\.$/);
    assert.deepEqual([url, title, expiresAt], [share.url, null, null]);
    assert.equal(models[0].name, NAME);
    assert.deepEqual(models[0].dimensions, { length: 20, width: 10, height: 30, unit: "cm" });
    assert.deepEqual([models[0].tooLarge, models[0].arAdvice], [[], []]);
    // They are made ahead meanwhile, and their size is in the data.
    for (const file of ["ar.glb", "model.usdz"]) assert.equal((await open(`${root}/${file}`)).status, 200);
    assert.deepEqual(
      await (await open(`${root}/share.json`)).json(),
      dataOf(await (await open(root)).text()),
    );

    const english = await (await open(`${root}?lang=en`, { "Accept-Language": "ru" })).text();
    assert.match(english, /<html lang="en"/);
    assert.match(english, /content="3D model, 20 × 10 × 30 cm\. /);
  });

  it("counts how often its page was opened, not its files and not HEAD", async () => {
    const fresh = await shareModel(app, model.id);
    await open(`/s/${fresh.token}`);
    await open(`/s/${fresh.token}/embed`);
    await open(`/s/${fresh.token}/model.glb`);
    await app.request(`/s/${fresh.token}`, { method: "HEAD" });
    const known = (await (await app.request(`/api/v1/shares/${fresh.id}`)).json()) as Share;
    assert.equal(known.opens, 2);
  });

  it("has files of the right types, for viewers of all sites and for Quick Look", async () => {
    const files = {
      "model.glb": ["model/gltf-binary", "glTF"],
      "ar.glb": ["model/gltf-binary", "glTF"],
      "model.usdz": ["model/vnd.usdz+zip", "PK\u0003\u0004"],
      "poster.webp": ["image/webp", "RIFF"],
    };
    for (const [name, [mediaType, magic]] of Object.entries(files)) {
      const answer = await open(`${root}/${name}`, { Origin: "https://shop.example" });
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.status, 200, name);
      assert.equal(bytes.toString("latin1", 0, 4), magic);
      const header = (key: string) => answer.headers.get(key);
      assert.equal(header("content-type"), mediaType);
      assert.equal(header("content-length"), String(bytes.length));
      assert.equal(header("access-control-allow-origin"), "*");
      assert.equal(header("cross-origin-resource-policy"), "cross-origin");
      assert.equal(header("cache-control"), "private, max-age=60");
      assert.equal(header("set-cookie"), null);
      assert.match(
        header("content-disposition") ?? "",
        /^inline; filename="[^\n]+\.(glb|usdz|webp)"; filename\*=UTF-8''%D0%AF/,
      );
      const head = await app.request(`${root}/${name}`, { method: "HEAD" });
      assert.deepEqual(
        ["etag", "content-length", "content-type"].map((key) => head.headers.get(key)),
        ["etag", "content-length", "content-type"].map(header),
      );
      const same = await open(`${root}/${name}`, { "If-None-Match": header("etag")! });
      assert.deepEqual([same.status, await same.text()], [304, ""]);
      const part = await open(`${root}/${name}`, { Range: "bytes=0-3" });
      assert.deepEqual([part.status, await part.text()], [206, magic]);
      assert.equal(part.headers.get("content-range"), `bytes 0-3/${bytes.length}`);
      assert.equal((await open(`${root}/${name}`, { Range: "bytes=99999999-" })).status, 416);
    }
    const [{ files: known }] = ((await (await open(`${root}/share.json`)).json()) as Shared).models;
    assert.equal(known.preview, null, "a box without textures has no smaller ones");
    for (const [kind, file] of Object.entries({ ...known, preview: known.glb })) {
      const answer = await open(file!.url);
      assert.equal((await answer.arrayBuffer()).byteLength, file!.bytes, kind);
      assert.equal(answer.headers.get("cache-control"), "private, max-age=31536000, immutable");
    }
    assert.equal((await open(`${root}/original.glb`)).status, 404, "the original is not shared");
  });

  it("answers the questions that browsers ask before they fetch from other sites", async () => {
    const asked = await fetch(`${app.url}${root}/ar.glb`, {
      method: "OPTIONS",
      headers: {
        Origin: "https://shop.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range",
      },
    });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get("access-control-allow-origin"), "*");
    assert.match(asked.headers.get("access-control-allow-headers") ?? "", /Range/);
    const posted = await app.request(root, { method: "POST" });
    assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
    const api = await open("/api/v1/models", { Origin: "https://shop.example" });
    assert.equal(api.headers.get("access-control-allow-origin"), null, "nothing else is open");
  });

  it("may be framed where its owner allows, as an embed only", async () => {
    const framing = async (path: string) => {
      const { headers } = await open(path);
      const ancestors = /frame-ancestors ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];
      return [ancestors, headers.get("x-frame-options")];
    };
    assert.deepEqual(await framing(`${root}/embed`), [
      "'self' https://shop.example https://*.shop.example",
      null,
    ]);
    const refused = ["'none'", "SAMEORIGIN"];
    assert.deepEqual(await framing(root), refused);
    await send(app, "PATCH", `/api/v1/shares/${share.id}`, { embedSites: [] });
    assert.deepEqual(await framing(`${root}/embed`), ["'self'", "SAMEORIGIN"], "at once");
    assert.deepEqual(await framing(`/s/${UNKNOWN}/embed`), refused);
  });

  it("ends when it expires, by the database's clock, and says so to people and programs", async () => {
    const timed = await shareModel(app, model.id, { expiresInDays: 1, embedSites: ["https://shop.example"] });
    const path = `/s/${timed.token}`;
    assert.equal((await open(path)).status, 200);
    await sql("UPDATE shares SET expires_at = now() - interval '1 millisecond' WHERE id = $1", timed.id);

    const shown = await open(path, { "Accept-Language": "ru" });
    const { status, headers } = shown;
    assert.deepEqual([status, headers.get("cache-control")], [410, "no-store"]);
    assert.match(await shown.text(), /<html lang="ru">[\s\S]*<h1>Срок ссылки истёк<\/h1>/);
    assert.match(await (await open(`${path}?lang=en`)).text(), /<h1>This link has expired<\/h1>/);
    const framed = await open(`${path}/embed`);
    assert.equal(framed.status, 410);
    assert.match(
      framed.headers.get("content-security-policy") ?? "",
      /frame-ancestors 'self' https:\/\/shop\.example/,
    );
    for (const file of ["model.glb", "model.usdz", "share.json"]) {
      const { code, status, detail } = await problem(`${path}/${file}`, "ru");
      assert.deepEqual([code, status], ["share-expired", 410]);
      assert.match(detail, /ограниченное время/);
    }
    assert.match(await (await open(`/api/v1/shares/${timed.id}`)).text(), /"expired":true/);
    await send(app, "PATCH", `/api/v1/shares/${timed.id}`, { expiresInDays: 1 });
    assert.equal((await open(path)).status, 200, "renewed");
  });

  it("is gone at once when revoked, and then looks like one that never was", async () => {
    const brief = await shareModel(app, model.id);
    const file = `/s/${brief.token}/model.glb`;
    const etag = (await open(file)).headers.get("etag")!;
    await app.request(`/api/v1/shares/${brief.id}`, { method: "DELETE" });
    assert.equal((await open(file, { "If-None-Match": etag })).status, 404);
    const facts = async (path: string) => {
      const answer = await open(path);
      const varying = new Set(["date", "x-request-id"]);
      const headers = [...answer.headers].filter(([name]) => !varying.has(name));
      const body = (await answer.text()).replace(/"requestId":"[^"]*"/, "");
      return { status: answer.status, headers, body };
    };
    for (const name of ["", "/embed", "/share.json", "/model.glb", "/poster.webp", "/nothing"]) {
      const revoked = await facts(`/s/${brief.token}${name}`);
      assert.equal(revoked.status, 404);
      assert.deepEqual(revoked, await facts(`/s/${UNKNOWN}${name}`), name);
    }
    assert.match((await facts(`/s/${brief.token}`)).body, /<h1>This link doesn't work<\/h1>/);
    assert.equal((await facts("/s/short")).status, 404);
    assert.equal((await facts("/s")).status, 404);
  });

  it("waits while its model is in the trash, and goes with it", async () => {
    const other = await importBox(app);
    const link = await shareModel(app, other.id);
    const path = `/s/${link.token}`;
    await app.request(`/api/v1/models/${other.id}`, { method: "DELETE" });
    assert.equal((await open(path)).status, 410);
    assert.equal((await problem(`${path}/model.glb`)).code, "share-model-removed");
    await app.request(`/api/v1/models/${other.id}/restore`, { method: "POST" });
    assert.equal((await open(path)).status, 200);
    await app.request(`/api/v1/models/${other.id}`, { method: "DELETE" });
    await app.request(`/api/v1/models/${other.id}?permanent=true`, { method: "DELETE" });
    assert.equal((await open(path)).status, 404);
  });

  it("is a gallery with words of its own", async () => {
    const gallery = await shareGallery(app, { modelIds: [model.id], title: "Полка" });
    const html = await (await open(`/s/${gallery.token}?lang=ru`)).text();
    assert.match(html, /<title>Полка<\/title>/);
    assert.match(html, /content="1 модель в 3D\. /);
    assert.equal(dataOf(html).title, "Полка");
    assert.match(await (await open(`/s/${gallery.token}?lang=en`)).text(), /content="1 model in 3D\. /);
  });

  it("is not answered under a foreign name, and its token stands in no log", async () => {
    const { port } = new URL(app.url);
    const asked = get({ port, host: "127.0.0.1", path: root, headers: { Host: "evil.example" } });
    const [answer] = await once(asked, "response");
    answer.resume();
    assert.equal(answer.statusCode, 403);
    const [first, rest] = [share.token.charCodeAt(0), share.token.slice(1)];
    for (const path of [`/s/%${first.toString(16)}${rest}`, `/S/${share.token}`, `/%73/${share.token}`]) {
      await open(path);
    }
    const lines = JSON.stringify(app.lines);
    assert.ok(lines.includes("/s/[hidden]/model.glb"), "requests are logged");
    assert.ok(!lines.includes(rest));
  });
});
