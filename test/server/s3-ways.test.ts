import assert from "node:assert/strict";
import dns from "node:dns";
import { text } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { keysOf, openStores, put } from "../support/backup/bucket-stores.ts";

const stores = openStores();
after(stores.dispose);
const { open, startServer } = stores;

describe("ways to a bucket", () => {
  it("works where the clocks differ", async () => {
    const { server, storage } = await open();
    server.clockAheadMs = 3_600_000;
    await put(storage, "models/1/a.glb", "a");
    assert.equal(await text(await storage.read("models/1/a.glb")), "a");
  });

  it("has links that need nothing else, say what they give, and last for minutes", async () => {
    const { server, storage } = await open({ downloads: "redirect" });
    await put(storage, "models/1/a.glb", "0123456789");
    const disposition = `attachment; filename="?.glb"; filename*=UTF-8''%D0%B2%D0%B0%D0%B7%D0%B0.glb`;
    const link = (await storage.link("models/1/a.glb", {
      mediaType: "model/gltf-binary",
      disposition,
    })) as string;
    const answer = await fetch(link);
    assert.equal(await answer.text(), "0123456789");
    assert.equal(answer.headers.get("content-type"), "model/gltf-binary");
    assert.equal(answer.headers.get("content-disposition"), disposition);
    assert.equal((await fetch(link, { headers: { range: "bytes=2-4" } })).status, 206);
    assert.equal((await fetch(link.replace("gltf-binary", "html"))).status, 403);
    assert.equal((await fetch(link.replace("a.glb", "b.glb"))).status, 403);
    server.clockAheadMs = 301_000;
    assert.equal((await fetch(link)).status, 403);
    assert.equal(
      await (await open({ server })).storage.link("models/1/a.glb", { mediaType: "a/b", disposition }),
      null,
    );
  });

  it("reaches a bucket that is named by its host", async (t) => {
    const server = await startServer();
    const toLoopback = (
      _host: string,
      { all }: dns.LookupOptions,
      done: (error: null, found: string | dns.LookupAddress[], family: number) => void,
    ) => done(null, all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
    t.mock.method(dns, "lookup", toLoopback as typeof dns.lookup);
    const endpoint = server.endpoint.replace("127.0.0.1", "s3.example");
    const { storage } = await open({ server, endpoint, pathStyle: false });
    await put(storage, "models/1/a.glb", "a");
    assert.deepEqual(await keysOf(storage), ["models/1/a.glb"]);
    assert.ok(server.requests.every(({ isPathStyle }) => !isPathStyle));
  });
});
