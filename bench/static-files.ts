import { copyFile, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { startCluster } from "../test/support/cluster/cluster.ts";
import { makeKey, sendJson } from "../test/support/cluster/member.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { bigModel } from "./big-model.ts";
import type { Figure } from "./figures.ts";
import { importModel } from "./import-model.ts";
import { load } from "./load.ts";
import { startPlainNginx } from "./plain-nginx.ts";

const PAGE_FILES = path.resolve(import.meta.dirname, "../web/dist/assets");
const CLIENTS = 24;
const SECONDS = 6;
const MEGABYTE = 1e6;
const GZIP = { "Accept-Encoding": "gzip" };

/** The largest script of the page. */
async function largestScript(): Promise<string> {
  const scripts = (await readdir(PAGE_FILES)).filter((name) => name.endsWith(".js"));
  const sized = await Promise.all(
    scripts.map(async (name) => ({ name, bytes: (await stat(path.join(PAGE_FILES, name))).size })),
  );
  return sized.toSorted((a, b) => b.bytes - a.bytes)[0].name;
}

/** A script of the page and a file of a share link: by the server alone, through nginx that keeps them, by nginx alone. */
export async function measureStatic(_server: ServerProcess, folder: string): Promise<Figure[]> {
  const root = path.join(folder, "plain");
  const script = await largestScript();
  const cluster = await startCluster({ replicas: 1, files: "folder", settings: { LOG_LEVEL: "warn" } });
  try {
    const member = await makeKey(cluster.url);
    const { model } = await importModel(cluster.url, await bigModel(), member.headers);
    const shares = `${cluster.url}/api/v1/models/${model.id}/shares`;
    const { url } = await member.json<{ url: string }>(shares, sendJson("POST", {}));
    const shared = `${new URL(url).pathname}/model.glb`;
    await mkdir(path.join(root, "assets"), { recursive: true });
    for (const name of [script, `${script}.gz`]) {
      await copyFile(path.join(PAGE_FILES, name), path.join(root, "assets", name));
    }
    const bytes = await (await fetch(cluster.replicas[0].url + shared)).arrayBuffer();
    await writeFile(path.join(root, "model.glb"), Buffer.from(bytes));
    const plain = await startPlainNginx(path.join(folder, "plain-nginx"), root);
    try {
      const ways = {
        "the server alone": [cluster.replicas[0].url, shared],
        "nginx that keeps them": [cluster.url, shared],
        "nginx alone, sendfile": [plain.url, "/model.glb"],
      };
      const figures: Figure[] = [];
      for (const [way, [origin, file]] of Object.entries(ways)) {
        const page = await load(`${origin}/assets/${script}`, {
          connections: CLIENTS,
          seconds: SECONDS,
          headers: GZIP,
        });
        const download = await load(origin + file, { connections: CLIENTS, seconds: SECONDS });
        figures.push(
          { name: `largest script of the page (gzip), ${way}`, value: page.perSecond, unit: "1/s" },
          { name: `file of a share link, ${way}`, value: download.perSecond, unit: "1/s" },
          {
            name: `file of a share link, ${way}, throughput`,
            value: download.bytesPerSecond / MEGABYTE,
            unit: "MB/s",
          },
        );
      }
      return figures;
    } finally {
      await plain.dispose();
    }
  } finally {
    await cluster.dispose();
  }
}
