import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import path from "node:path";
import { startCluster } from "../test/support/cluster/cluster.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { databaseCpuSeconds } from "./database-usage.ts";
import { type Delivery, prepareDeliveries } from "./deliveries.ts";
import type { Figure } from "./figures.ts";
import { findWrk } from "./find-wrk.ts";
import { startPlainNginx } from "./plain-nginx.ts";
import { family, familyCpuSeconds, watchMemory } from "./process-usage.ts";
import { loadWithWrk, type WrkLoad } from "./wrk.ts";

const WARM_UP_SECONDS = 2;
const SECONDS = 4;
const MEGABYTE = 1e6;
/** Below that the product sends text as it is. */
const SMALLEST_PACKED_BYTES = 1024;

/** Who gives the files away, and the processes that work for it. */
interface Way {
  name: string;
  origin: string;
  path: (delivery: Delivery) => string;
  servers: number[];
  /** Whose memory is watched. */
  mainPid: number;
  /** Whether the database works for it. */
  hasDatabase: boolean;
}

interface Row extends WrkLoad {
  delivery: string;
  way: string;
  cpuSeconds: number;
  databaseSeconds: number;
  peakBytes: number;
}

/** Files of the page and of models: by the server alone, by a bare nginx, and through nginx before the server. */
export async function measureStatic(_server: ServerProcess, folder: string): Promise<Figure[]> {
  const wrk = await findWrk();
  const root = path.join(folder, "plain");
  await using closing = new AsyncDisposableStack();
  const cluster = await startCluster({ replicas: 1, files: "folder", settings: { LOG_LEVEL: "warn" } });
  closing.defer(() => cluster.dispose());
  const deliveries = await prepareDeliveries(cluster, root);
  const plain = await startPlainNginx(path.join(folder, "plain-nginx"), root);
  closing.defer(() => plain.dispose());
  const database = await cluster.pool.connect();
  closing.defer(() => database.release());
  const [server] = cluster.replicas;
  // What the models took in the process that made them is not what giving them away takes.
  await server.stop();
  await server.start();
  const product = { path: ({ product }: Delivery) => product, mainPid: server.pid(), hasDatabase: true };
  const ways: Way[] = [
    { ...product, name: "server alone", origin: server.url, servers: [server.pid()] },
    {
      name: "nginx alone",
      origin: plain.url,
      path: (delivery) => delivery.plain,
      servers: [plain.pid],
      mainPid: family(plain.pid).at(-1)!,
      hasDatabase: false,
    },
    {
      ...product,
      name: "nginx before the server",
      origin: cluster.url,
      servers: [server.pid(), cluster.site.pid],
    },
  ];
  const usedBy = async ({ servers, hasDatabase }: Way) => ({
    servers: servers.reduce((sum, pid) => sum + familyCpuSeconds(pid), 0),
    database: hasDatabase ? await databaseCpuSeconds(database) : 0,
  });
  const rows: Row[] = [];
  for (const delivery of deliveries) {
    for (const way of ways) {
      const url = way.origin + way.path(delivery);
      const asked = await ask(url, delivery);
      const load = { connections: delivery.clients, ...asked };
      await loadWithWrk(wrk, url, { ...load, seconds: WARM_UP_SECONDS });
      const before = await usedBy(way);
      const memory = watchMemory(way.mainPid);
      const measured = await loadWithWrk(wrk, url, { ...load, seconds: SECONDS });
      const peakBytes = memory.stop();
      const after = await usedBy(way);
      rows.push({
        ...measured,
        delivery: delivery.name,
        way: way.name,
        peakBytes,
        cpuSeconds: after.servers - before.servers,
        databaseSeconds: after.database - before.database,
      });
    }
  }
  console.log(`\n${asMarkdown(rows)}\n`);
  return rows.flatMap(figuresOf);
}

/** One request by another client: that the answer is what is to be measured, and how large its body is. */
async function ask(url: string, { headers, credential, status }: Delivery) {
  const whole = { ...headers, ...credential };
  const first = await get(url, whole);
  const asked = status === 304 ? { ...whole, "If-None-Match": first.headers.etag! } : whole;
  const { headers: said, bytes, ...answer } = await get(url, asked);
  const isPacked = "content-encoding" in said;
  const wantsPacked = "Accept-Encoding" in headers && bytes > SMALLEST_PACKED_BYTES;
  if (answer.status !== status || (wantsPacked && !isPacked)) {
    throw new Error(`${url} was answered with ${answer.status}, ${bytes} bytes.`);
  }
  return { headers: asked, bodyBytes: bytes };
}

/** Unlike fetch it neither unpacks the body nor asks caches to ask again. */
async function get(url: string, headers: Record<string, string>) {
  const [response] = (await once(http.get(url, { headers, agent: false }), "response")) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return { status: response.statusCode, headers: response.headers, bytes };
}

const perThousand = (seconds: number, { requests }: Row) => (seconds / requests) * 1000;

function figuresOf(row: Row): Figure[] {
  const named = (what: string) => `${row.delivery}, ${row.way}: ${what}`;
  return [
    { name: named("requests"), value: row.perSecond, unit: "1/s" },
    { name: named("bytes"), value: row.bytesPerSecond / MEGABYTE, unit: "MB/s" },
    { name: named("p50"), value: row.p50Ms, unit: "ms" },
    { name: named("p99"), value: row.p99Ms, unit: "ms" },
    { name: named("processor per 1,000"), value: perThousand(row.cpuSeconds, row), unit: "s" },
    { name: named("database per 1,000"), value: perThousand(row.databaseSeconds, row), unit: "s" },
    { name: named("memory"), value: row.peakBytes / MEGABYTE, unit: "MB" },
    { name: named("the client's part of a core"), value: row.clientShare * 100, unit: "%" },
  ];
}

/** The same as rows for `bench/README.md`. */
function asMarkdown(rows: Row[]): string {
  const header = [
    "what",
    "by",
    "1/s",
    "MB/s",
    "p50 ms",
    "p99 ms",
    "s per 1,000",
    "s per GB",
    "database, s per 1,000",
    "memory, MB",
    "client, % of a core",
  ];
  const lines = rows.map((row) => [
    row.delivery,
    row.way,
    row.perSecond.toFixed(0),
    (row.bytesPerSecond / MEGABYTE).toFixed(0),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    perThousand(row.cpuSeconds, row).toFixed(2),
    row.bytes > 1e9 ? ((row.cpuSeconds / row.bytes) * 1e9).toFixed(2) : "",
    row.databaseSeconds / row.requests > 1e-5 ? perThousand(row.databaseSeconds, row).toFixed(2) : "",
    (row.peakBytes / MEGABYTE).toFixed(0),
    (row.clientShare * 100).toFixed(0),
  ]);
  const shown = [header, header.map(() => "---"), ...lines];
  return shown.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
