import { runCampaign } from "./campaign.ts";
import { POINTS } from "./marksman.ts";

const KILLS = 200;

const [count = String(KILLS), ...wanted] = process.argv.slice(2);
const points = POINTS.filter((point) => wanted.length === 0 || wanted.includes(point));
if (!(Number(count) > 0) || points.length === 0) {
  throw new Error(
    `Usage: node test/kill/main.ts [number of kills] [points]; the points: ${POINTS.join(", ")}.`,
  );
}
const startedAt = performance.now();
const say = (line: string) =>
  void process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(0)} s: ${line}\n`);
const { violations, summary, table } = await runCampaign(Number(count), { points, say });
console.table(table);
console.table(summary);
for (const violation of violations) process.stdout.write(`VIOLATION ${violation}\n`);
process.stdout.write(`${violations.length} violations\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
