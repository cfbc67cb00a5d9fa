import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { generate } from "selfsigned";
import { findNginx, type Nginx, nginxEnv } from "./find-nginx.ts";
import { freePort } from "./server-process.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../deploy/nginx");
const IS_ROOT = process.getuid?.() === 0;

interface SiteOptions {
  /** An empty folder: configuration, certificate, cache, log. */
  folder: string;
  /** Where the product listens: `127.0.0.1:3001`, one for each replica. */
  replicas: string[];
  /** Without it the site itself speaks http; then there is no upgrade to https. Default true. */
  tls?: boolean;
  /** How long nginx waits for an answer where the site says nothing of it; default nginx' own, a minute. */
  usualPatience?: string;
}

/** `deploy/nginx/photo-to-3d.conf` in a real nginx on loopback. */
export interface NginxSite {
  version: string;
  /** Of the process whose children serve. */
  pid: number;
  /** Of the site, such as `https://127.0.0.1:12345`. */
  url: string;
  /** What only sends to https; null without TLS. */
  plainUrl: string | null;
  /** The certificate that clients have to trust, PEM; it is for `127.0.0.1` and `3d.example.com`. */
  certificate: string;
  /** Lines of its log of requests. */
  requests(): Promise<string[]>;
  /** Takes other replicas, as after a change of the file; open requests go on. */
  useReplicas(replicas: string[]): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts it; throws what nginx says where it doesn't like the files, and the cure where there is no nginx. */
export async function startNginxSite(options: SiteOptions): Promise<NginxSite> {
  const nginx = await findNginx();
  const { folder, tls = true, usualPatience = "60s" } = options;
  const certificate = await makeCertificate(folder);
  for (;;) {
    const ports = { plain: await freePort(), site: await freePort() };
    await writeSite({ ...options, tls, usualPatience, ports });
    await checkSite(nginx, folder);
    const child = await serve(nginx, folder);
    // Somebody else was faster at one of the ports.
    if (!child) continue;
    const killAtEnd = () => void child.kill("SIGTERM");
    process.once("exit", killAtEnd);
    return {
      version: nginx.version,
      pid: child.pid!,
      url: `${tls ? "https" : "http"}://127.0.0.1:${ports.site}`,
      plainUrl: tls ? `http://127.0.0.1:${ports.plain}` : null,
      certificate,
      requests: async () => (await readFile(path.join(folder, "access.log"), "utf8")).trim().split("\n"),
      async useReplicas(replicas) {
        await writeSite({ ...options, replicas, tls, usualPatience, ports });
        await checkSite(nginx, folder);
        child.kill("SIGHUP");
      },
      async dispose() {
        process.off("exit", killAtEnd);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "close");
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
}

async function makeCertificate(folder: string): Promise<string> {
  const altNames = [
    { type: 7 as const, ip: "127.0.0.1" },
    { type: 2 as const, value: "3d.example.com" },
  ];
  const { cert, private: key } = await generate([{ name: "commonName", value: "3d.example.com" }], {
    extensions: [{ name: "subjectAltName", altNames }],
  });
  await writeFile(path.join(folder, "fullchain.pem"), cert);
  await writeFile(path.join(folder, "privkey.pem"), key, { mode: 0o600 });
  return cert;
}

/** The files as they are, but with folders and ports of the test. */
async function writeSite({
  folder,
  replicas,
  tls,
  usualPatience,
  ports,
}: Required<SiteOptions> & { ports: { plain: number; site: number } }): Promise<void> {
  const snippets = path.join(folder, "photo-to-3d");
  await mkdir(snippets, { recursive: true });
  const own = (text: string) =>
    text
      .replaceAll("/etc/nginx/photo-to-3d/", `${snippets}/`)
      .replaceAll("/etc/letsencrypt/live/3d.example.com", folder)
      .replaceAll("/var/cache/nginx-photo-to-3d", path.join(folder, "cache"));
  for (const file of await readdir(path.join(FOLDER, "photo-to-3d"))) {
    await writeFile(
      path.join(snippets, file),
      own(await readFile(path.join(FOLDER, "photo-to-3d", file), "utf8")),
    );
  }
  const servers = replicas.map((address) => `server ${address} max_fails=2 fail_timeout=1s;`).join("\n    ");
  let site = own(await readFile(path.join(FOLDER, "photo-to-3d.conf"), "utf8"));
  const change = (from: string | RegExp, to: string) => {
    const changed = site.replace(from, to);
    if (changed === site) throw new Error(`deploy/nginx/photo-to-3d.conf has no ${from} any more`);
    site = changed;
  };
  change("server 127.0.0.1:3001 max_fails=2 fail_timeout=1s;", servers);
  if (replicas.length > 1) change('default "";', 'default "1";');
  change(/ *listen \[::\]:.*\n/g, "");
  change("listen 80;", `listen 127.0.0.1:${ports.plain};`);
  change("listen 443 ssl http2;", `listen 127.0.0.1:${ports.site}${tls ? " ssl http2" : ""};`);
  if (!tls) change(/ *ssl_certificate.*\n/g, "");
  await writeFile(path.join(folder, "site.conf"), site);
  await writeFile(path.join(folder, "nginx.conf"), mainFile(folder, usualPatience));
}

const mainFile = (folder: string, usualPatience: string) => `
${IS_ROOT ? "user root root;" : ""}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log ${folder}/access.log;
  proxy_read_timeout ${usualPatience};
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join("\n")}
  include ${folder}/site.conf;
}
`;

const argsOf = (folder: string) => ["-e", "stderr", "-p", folder, "-c", path.join(folder, "nginx.conf")];

/** `nginx -t`. */
async function checkSite(nginx: Nginx, folder: string): Promise<void> {
  await promisify(execFile)(nginx.command, ["-t", ...argsOf(folder)], { env: nginxEnv(nginx) });
}

/** Null where a port is taken by now; throws what it said where it ended for another reason. */
async function serve(nginx: Nginx, folder: string): Promise<ChildProcess | null> {
  const child = spawn(nginx.command, argsOf(folder), {
    env: nginxEnv(nginx),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const line of createInterface(child.stderr!)) {
    said += `${line}\n`;
    if (!/start worker process \d/.test(line)) continue;
    child.stderr!.resume();
    return child;
  }
  if (/Address already in use/.test(said)) return null;
  throw new Error(`nginx ended instead of serving:\n${said}`);
}
