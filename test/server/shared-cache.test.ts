import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { findNginx, nginxEnv } from "../support/find-nginx.ts";
import { boxGlb } from "../support/make-glb.ts";
import { freePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

/** A cache for all that is told nothing about what is whose: it keeps what the answers allow, and what says nothing. */
const configuration = (folder: string, port: number, server: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_cache_path ${folder}/cache keys_zone=all:1m;
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 20m;
    location / {
      proxy_pass ${server};
      proxy_set_header Host $host;
      proxy_set_header Authorization $http_authorization;
      proxy_cache all;
      proxy_cache_key $request_method$request_uri;
      proxy_cache_valid any 10m;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}`;

interface Front {
  url: string;
  dispose(): Promise<void>;
}

async function startCache(folder: string, server: string): Promise<Front> {
  const nginx = await findNginx();
  await mkdir(folder, { recursive: true });
  for (const deadline = performance.now() + 120_000; ; ) {
    const port = await freePort();
    const file = path.join(folder, "nginx.conf");
    await writeFile(file, configuration(folder, port, server));
    const child: ChildProcess = spawn(nginx.command, ["-c", file, "-p", folder], {
      env: nginxEnv(nginx),
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = once(child, "close");
    const url = `http://127.0.0.1:${port}`;
    // Somebody else may have been faster at the port.
    while (child.exitCode === null && child.signalCode === null) {
      const answer = await fetch(`${url}/health/live`).catch(() => null);
      if (answer?.headers.get("x-cache")) {
        const dispose = async () => {
          child.kill("SIGTERM");
          await ended;
        };
        return { url, dispose };
      }
      assert.ok(performance.now() < deadline, "nginx does not answer");
      await sleep(50);
    }
  }
}

describe("a cache that many share, before the server", () => {
  const stack = new AsyncDisposableStack();
  let app: TestApp;
  let cache: Front;
  let admin: Member;
  let user: Member;
  let folder: string;
  let model: { id: string; files: { glb: { url: string } } };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-cache-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    app = stack.use(await startAccountsApp({ env: { OPS_TOKEN: "x".repeat(40), CDN_SHARE_SECONDS: "600" } }));
    cache = stack.adopt(await startCache(path.join(folder, "one"), app.url), (part) => part.dispose());
    admin = await signIn(app);
    user = await makeMember(app);
    const form = photoForm(await boxGlb([0.5, 0.4, 0.3]), { name: "Sofa" }, "box.glb", "file");
    const imported = await admin.request("/api/v1/models", { method: "POST", body: form });
    assert.equal(imported.status, 201);
    model = (await imported.json()) as typeof model;
  });
  after(() => stack.disposeAsync());

  const ask = async (address: string, headers: Record<string, string> = {}, front = cache) => {
    const answer = await fetch(front.url + address, { headers });
    const text = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    return { status: answer.status, kept: answer.headers.get("x-cache"), text, headers: answer.headers };
  };

  /** The answer once it comes from the cache, which takes a file over a moment after its receiver has it. */
  async function askKept(address: string, headers: Record<string, string> = {}) {
    let answer = await ask(address, headers);
    assert.equal(answer.kept, "MISS");
    await until(`${address} is kept`, async () => {
      answer = await ask(address, headers);
      return answer.kept === "HIT";
    });
    return answer;
  }

  async function share(): Promise<{ id: string; token: string; glb: string }> {
    const made = await admin.send("POST", `/api/v1/models/${model.id}/shares`, {});
    const { id, token } = (await made.json()) as { id: string; token: string };
    const data = JSON.parse((await ask(`/s/${token}/share.json`)).text);
    return { id, token, glb: data.models[0].files.glb.url };
  }

  it("never gives one person what is another's, nor anything of the API", async () => {
    const addresses = [
      "/api",
      "/api/health",
      "/api/health/database",
      "/api/health/metrics",
      "/api/nothing",
      "/api/v1/auth/me",
      "/api/v1/auth/state",
      "/api/v1/models",
      "/api/v1/models?q=sofa",
      "/api/v1/tags",
      "/api/v1/generations",
      "/api/v1/api-keys",
      "/api/v1/providers",
      `/api/v1/models/${model.id}`,
      model.files.glb.url,
      "/api/system/info",
      "/api/system/audit",
      "/health",
      "/health/live",
      "/health/ready",
      "/health/startup",
      "/health/detailed",
      "/metrics",
      "/hooks/genapi/nothing",
      "/openapi.json",
      "/docs",
      "/assets/nothing.js",
    ];
    for (const address of addresses) {
      for (const headers of [admin.headers, user.headers, {}, admin.headers]) {
        const through: Awaited<ReturnType<typeof ask>> = await ask(address, { ...headers });
        assert.equal(through.kept, "MISS", `${address} ${through.status}`);
      }
    }
    const names = async (who: Record<string, string>) => (await ask("/api/v1/models", who)).text;
    assert.match(await names({ ...admin.headers }), /Sofa/);
    assert.doesNotMatch(await names({ ...user.headers }), /Sofa/);
    const refused = await ask(model.files.glb.url, { ...user.headers });
    assert.equal(refused.status, 404, "not even the bytes that the owner has just had");
    assert.equal((await ask(model.files.glb.url)).status, 401);
  });

  it("keeps no answer that signs somebody in", async () => {
    const body = JSON.stringify({ email: admin.email, password: admin.password });
    const headers = { "Content-Type": "application/json" };
    for (let turn = 0; turn < 2; turn++) {
      const answer = await fetch(`${cache.url}/api/v1/auth/login`, { method: "POST", headers, body });
      assert.equal(answer.status, 200);
      assert.ok(answer.headers.get("set-cookie"));
      assert.match(answer.headers.get("cache-control") ?? "", /no-store/);
    }
  });

  it("keeps the page's assets for ever, in each encoding, and asks for the page itself", async () => {
    const page = await ask("/");
    assert.equal(page.kept, "MISS");
    assert.equal((await ask("/")).kept, "MISS", "so that a new version is there at once");
    const [asset] = /\/assets\/[\w.-]+\.js/.exec(page.text) ?? [];
    assert.ok(asset, "npm run build makes the page");
    for (const encoding of ["identity", "br"]) {
      const headers = { "Accept-Encoding": encoding };
      const kept = await askKept(asset, headers);
      assert.equal(kept.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.match(kept.headers.get("vary") ?? "", /Accept-Encoding/i);
      const fetched: Response = await fetch(app.url + asset, { headers });
      assert.equal(kept.text, Buffer.from(await fetched.arrayBuffer()).toString("latin1"), encoding);
    }
  });

  it("keeps files of share links for as long as the settings let it, and no page of one", async () => {
    const { id, token, glb } = await share();
    assert.match(
      (await askKept(glb)).headers.get("cache-control") ?? "",
      /^public, .*s-maxage=600, immutable$/,
    );
    for (const address of [
      `/s/${token}`,
      `/s/${token}/embed`,
      `/s/${token}/share.json`,
      `/s/${token}/none.glb`,
    ])
      assert.deepEqual([(await ask(address)).kept, (await ask(address)).kept], ["MISS", "MISS"], address);
    const [content, version] = glb.split("?v=");
    assert.equal(
      (await ask(`${content}?v=0${version}`)).headers.get("cache-control")?.includes("immutable"),
      false,
    );
    assert.equal((await admin.send("DELETE", `/api/v1/shares/${id}`)).status, 204);
    assert.equal((await ask(`/s/${token}`)).status, 404);
    assert.equal((await ask(glb)).kept, "HIT", "which is what the setting was told to accept");
  });

  it("keeps nothing of share links where the settings say nothing: a revoked link ends at once", async () => {
    await using strict = await startAccountsApp({ databaseUrl: databaseUrl(), uploads: app.uploads });
    const front = await startCache(path.join(folder, "two"), strict.url);
    try {
      const { id, glb } = await share();
      const first = await ask(glb, {}, front);
      const second = await ask(glb, {}, front);
      assert.deepEqual([first.status, first.kept, second.kept], [200, "MISS", "MISS"]);
      assert.equal(first.headers.get("cache-control"), "private, max-age=31536000, immutable");
      assert.equal((await admin.send("DELETE", `/api/v1/shares/${id}`)).status, 204);
      assert.equal((await ask(glb, {}, front)).status, 404);
    } finally {
      await front.dispose();
    }
  });

  const databaseUrl = () => (app.config.database.kind === "url" ? app.config.database.url : "");
});
