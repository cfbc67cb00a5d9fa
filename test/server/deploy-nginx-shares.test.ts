import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Shared } from "../../server/contract/share.ts";
import { startTestApp } from "../support/app.ts";
import { type NginxSite, startNginxSite } from "../support/nginx-site.ts";
import { importBox, shareModel } from "../support/share-client.ts";

for (const seconds of ["0", "3600"]) {
  describe(`files of share links through nginx, kept for ${seconds} s`, () => {
    const stack = new AsyncDisposableStack();
    let site: NginxSite;
    /** Paths: with the version of the file, and without. */
    let addresses: string[];
    let glb: Buffer;

    before(async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-nginx-"));
      stack.defer(() => rm(folder, { recursive: true, force: true }));
      const app = stack.use(await startTestApp({ env: { TRUST_PROXY: "1", CDN_SHARE_SECONDS: seconds } }));
      site = stack.adopt(
        await startNginxSite({ folder, replicas: [new URL(app.url).host], tls: false }),
        (part) => part.dispose(),
      );
      const { token } = await shareModel(app, (await importBox(app)).id);
      const { models } = (await (await app.request(`/s/${token}/share.json`)).json()) as Shared;
      const versioned = models[0].files.glb!.url;
      addresses = [versioned, versioned.split("?")[0]];
      glb = Buffer.from(await (await app.request(versioned)).arrayBuffer());
    });
    after(() => stack.disposeAsync());

    async function ask(address: string, headers: Record<string, string> = {}) {
      const response = await fetch(site.url + address, { headers });
      return {
        status: response.status,
        headers: response.headers,
        body: Buffer.from(await response.arrayBuffer()),
      };
    }

    it("sends the part that is wanted, before and after others had the whole", async () => {
      for (const address of addresses) {
        for (const _turn of ["before", "after"]) {
          const part = await ask(address, { Range: "bytes=4-11" });
          assert.equal(part.status, 206, address);
          assert.equal(part.headers.get("content-range"), `bytes 4-11/${glb.length}`);
          assert.deepEqual(part.body, glb.subarray(4, 12));
          const end = await ask(address, { Range: "bytes=-4" });
          assert.deepEqual([end.status, end.body], [206, glb.subarray(-4)], address);
          const whole = await ask(address);
          assert.equal(whole.status, 200, address);
          assert.deepEqual(whole.body, glb);
        }
      }
    });

    it("sends the whole where the part was wanted of another version", async () => {
      for (const address of addresses) {
        const changed = await ask(address, { Range: "bytes=4-11", "If-Range": '"another"' });
        assert.equal(changed.status, 200, address);
        assert.deepEqual(changed.body, glb);
        const same = { Range: "bytes=4-11", "If-Range": changed.headers.get("etag")! };
        assert.deepEqual((await ask(address, same)).body, glb.subarray(4, 12), address);
      }
    });

    it("sends nothing to who has it, and all of it to the next", async () => {
      for (const address of addresses) {
        const { headers } = await ask(address);
        const known: [string, string][] = [
          ["If-None-Match", headers.get("etag")!],
          ["If-Modified-Since", headers.get("last-modified")!],
        ];
        for (const [name, value] of known) {
          const { status, body } = await ask(address, { [name]: value });
          assert.deepEqual([status, body.length], [304, 0], `${address} ${name}`);
        }
        const other = await ask(address, { "If-None-Match": '"another"' });
        assert.equal(other.status, 200);
        assert.deepEqual(other.body, glb);
      }
    });
  });
}
