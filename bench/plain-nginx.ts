import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { findNginx, nginxEnv } from "../test/support/find-nginx.ts";
import { freePort } from "../test/support/server-process.ts";

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** An nginx that serves the files of a folder and nothing else, as fast as it can: the measure for all others. */
export async function startPlainNginx(folder: string, root: string) {
  const nginx = await findNginx();
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, "nginx.conf");
  await writeFile(
    file,
    `${process.getuid?.() === 0 ? "user root root;" : ""}
     worker_processes 1;
     daemon off;
     pid ${folder}/nginx.pid;
     error_log stderr notice;
     events {}
     http {
       access_log off;
       sendfile on;
       gzip_static on;
       ${TEMPORARY.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n")}
       server { listen 127.0.0.1:${port}; root ${root}; }
     }`,
  );
  const child = spawn(nginx.command, ["-e", "stderr", "-p", folder, "-c", file], {
    env: nginxEnv(nginx),
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface(child.stderr!)) if (/start worker process \d/.test(line)) break;
  child.stderr!.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    async dispose() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
