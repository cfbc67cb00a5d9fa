import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { generate } from "selfsigned";
import { findNginx, nginxEnv } from "../support/find-nginx.ts";
import { keptKeys } from "../support/nginx-cache.ts";
import { until } from "../support/until.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../deploy/nginx");
const IS_ROOT = process.getuid?.() === 0;

/**
 * The site of compose.prod.yml with folders of the test and sockets in the place of ports. Debian's nginx is older than
 * the image's: it knows neither `resolve` of one server nor `http2 on`.
 */
async function writeSite(folder: string): Promise<void> {
  const own = (text: string) =>
    text
      .replaceAll("/etc/nginx/photo-to-3d/", `${folder}/photo-to-3d/`)
      .replaceAll("/etc/nginx/tls/", `${folder}/`)
      .replaceAll("/var/www/acme", `${folder}/acme`)
      .replaceAll("/var/cache/nginx-photo-to-3d", `${folder}/cache`);
  await cp(path.join(FOLDER, "photo-to-3d"), path.join(folder, "photo-to-3d"), { recursive: true });
  for (const name of await readdir(path.join(folder, "photo-to-3d"))) {
    const file = path.join(folder, "photo-to-3d", name);
    await writeFile(file, own(await readFile(file, "utf8")));
  }
  let site = own(await readFile(path.join(FOLDER, "compose/default.conf"), "utf8"));
  for (const [from, to] of [
    ["server app:3001 resolve ", `server unix:${folder}/app.sock `],
    ["listen 80;", `listen unix:${folder}/plain.sock;`],
    ["listen 443 ssl;", `listen unix:${folder}/tls.sock ssl;`],
    ["    http2 on;\n", ""],
  ]) {
    assert.ok(site.includes(from), `compose/default.conf has no ${from} any more`);
    site = site.replace(from, to);
  }
  await writeFile(path.join(folder, "site.conf"), site);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(
    path.join(folder, "nginx.conf"),
    `${IS_ROOT ? "user root root;" : ""}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
${temporary.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join("\n")}
  include ${folder}/site.conf;
}
`,
  );
}

describe("the site of compose.prod.yml", () => {
  const stack = new AsyncDisposableStack();
  let folder: string;
  let certificate: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-site-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const made = await generate([{ name: "commonName", value: "localhost" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
    });
    certificate = made.cert;
    await writeFile(path.join(folder, "fullchain.pem"), made.cert);
    await writeFile(path.join(folder, "privkey.pem"), made.private, { mode: 0o600 });
    await writeSite(folder);

    const app = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      response.setHeader("Cache-Control", "public, max-age=3600");
      response.end(JSON.stringify({ address: request.url, headers: request.headers }));
    });
    await once(app.listen(path.join(folder, "app.sock")), "listening");
    stack.defer(() => {
      app.closeAllConnections();
      app.close();
    });

    const nginx = await findNginx();
    const args = ["-e", "stderr", "-p", folder, "-c", path.join(folder, "nginx.conf")];
    const child = spawn(nginx.command, args, { env: nginxEnv(nginx), stdio: ["ignore", "ignore", "pipe"] });
    const ended = once(child, "close");
    stack.defer(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    let said = "";
    for await (const line of createInterface(child.stderr)) {
      said += `${line}\n`;
      if (/start worker process \d/.test(line)) {
        child.stderr.resume();
        return;
      }
    }
    throw new Error(`nginx ended instead of serving:\n${said}`);
  });
  after(() => stack.disposeAsync());

  async function ask(socket: "plain" | "tls", address: string, headers: Record<string, string> = {}) {
    const options = {
      socketPath: path.join(folder, `${socket}.sock`),
      path: address,
      headers: { Host: "localhost", ...headers },
      agent: false as const,
    };
    const request =
      socket === "plain"
        ? httpRequest(options)
        : httpsRequest({ ...options, ca: certificate, servername: "localhost" });
    const [response] = await once(request.end(), "response");
    let text = "";
    for await (const piece of response.setEncoding("utf8")) text += piece;
    const { location, "x-cache": kept } = response.headers;
    return { status: response.statusCode as number, location, kept, text };
  }

  it("shows what certbot lays down, while it serves, and leads all else to https", async () => {
    const challenges = path.join(folder, "acme/.well-known/acme-challenge");
    await mkdir(challenges, { recursive: true });
    await writeFile(path.join(challenges, "token"), "proof");
    const shown = await ask("plain", "/.well-known/acme-challenge/token");
    assert.deepEqual([shown.status, shown.text], [200, "proof"]);
    assert.equal((await ask("plain", "/.well-known/acme-challenge/other")).status, 404);
    const led = await ask("plain", "/models/1?tab=files");
    assert.deepEqual([led.status, led.location], [301, "https://localhost/models/1?tab=files"]);
  });

  it("answers its container's health check by itself", async () => {
    assert.equal((await ask("plain", "/nginx-alive")).status, 204);
  });

  it("passes https on to a replica that has others beside it", async () => {
    const { status, text } = await ask("tls", "/api/v1/models");
    assert.equal(status, 200, text);
    const { address, headers } = JSON.parse(text);
    assert.equal(address, "/api/v1/models");
    assert.equal(headers.host, "localhost");
    assert.equal(headers["x-forwarded-proto"], "https");
    assert.equal(headers["x-next-upstream"], "1", "one that is stopping sends readers to the others");
  });

  it("keeps shared files and single parts of them, apart from the page's, and passes on what else is asked for", async () => {
    const glb = "/s/token/model.glb?v=0a1b2c";
    for (const range of [null, "bytes=0-3", "bytes=-4"]) {
      const headers = range ? { Range: range } : undefined;
      assert.equal((await ask("tls", glb, headers)).kept, "MISS");
      await until("the file is kept", async () => (await ask("tls", glb, headers)).kept === "HIT");
    }
    for (const Range of ["bytes=0-1,5-9", "bytes=x1", "bytes=-"]) {
      for (const _turn of [1, 2]) {
        const passed = await ask("tls", glb, { Range });
        assert.deepEqual([passed.status, passed.kept], [200, "BYPASS"], Range);
        assert.equal(JSON.parse(passed.text).headers.range, Range);
      }
    }
    assert.equal((await ask("tls", `${glb}&and=more`)).kept, "BYPASS");
    assert.equal((await keptKeys(path.join(folder, "cache-shares"))).size, 3);
    assert.equal((await keptKeys(path.join(folder, "cache"))).size, 0);
  });
});
