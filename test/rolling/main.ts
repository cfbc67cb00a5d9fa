import { parseArgs } from "node:util";
import { startCluster } from "../support/cluster/cluster.ts";
import { makeKey } from "../support/cluster/member.ts";
import { makeModels, pageAsset } from "../support/cluster/stock.ts";
import { killOften } from "./kills.ts";
import { renewAll } from "./restarts.ts";
import { tabulate } from "./tabulate.ts";

const DEFAULTS = { restarts: "20", kills: "20", rate: "50", replicas: "3" };
const MODELS = 20;

const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, value]) => [name, { type: "string", default: value }]),
  ),
});
const [restarts, kills, perSecond, replicas] = Object.keys(DEFAULTS).map((name) => Number(values[name]));
if (!(restarts >= 0 && kills >= 0 && perSecond > 0 && replicas >= 2)) {
  throw new Error("Usage: npm run test:rolling -- [--restarts 20] [--kills 20] [--rate 50] [--replicas 3]");
}
const startedAt = performance.now();
const print = (line: string) => void process.stdout.write(`${line}\n`);
const say = (line: string) => print(`${((performance.now() - startedAt) / 1000).toFixed(0)} s: ${line}`);

const cluster = await startCluster({ replicas, settings: { LOG_LEVEL: "info" } });
const violations: string[] = [];
try {
  say(
    `${replicas} replicas behind nginx ${cluster.site.version}, files in ${cluster.store.name}, ${cluster.redis.name}`,
  );
  const member = await makeKey(cluster.url);
  const load = {
    url: cluster.url,
    member,
    perSecond,
    models: await makeModels(cluster, member, MODELS),
    asset: await pageAsset(),
  };
  for (const [campaign, times] of [
    [renewAll, restarts],
    [killOften, kills],
  ] as const) {
    if (times === 0) continue;
    const { title, traffic, problems } = await campaign({ cluster, load, times, say });
    print(`\n${title}`);
    console.table(tabulate(traffic.seen));
    violations.push(...problems);
  }
} finally {
  await cluster.dispose();
}
for (const violation of violations) print(`VIOLATION ${violation}`);
print(`${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
