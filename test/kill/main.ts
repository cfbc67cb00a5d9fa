import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { POINTS } from "./points.ts";

const KILLS = 200;
const RESUME_LIMIT_SECONDS = 30;

const MODES: Record<string, boolean> = { "no-calls": false, calls: true };

const { values, positionals } = parseArgs({
  options: {
    kills: { type: "string", default: String(KILLS) },
    mode: { type: "string", multiple: true, default: Object.keys(MODES) },
  },
  allowPositionals: true,
});
const count = Number(values.kills);
const points = POINTS.filter((point) => positionals.length === 0 || positionals.includes(point));
if (!(count > 0) || points.length === 0 || values.mode.some((mode) => !(mode in MODES))) {
  throw new Error(
    `Usage: node test/kill/main.ts [--kills 200] [--mode ${Object.keys(MODES).join("|")}] [points]; ` +
      `the points: ${POINTS.join(", ")}.`,
  );
}
const startedAt = performance.now();
const print = (line: string) => void process.stdout.write(`${line}\n`);
const say = (line: string) => print(`${((performance.now() - startedAt) / 1000).toFixed(0)} s: ${line}`);
let violationCount = 0;
for (const mode of values.mode) {
  const callbacks = MODES[mode];
  say(callbacks ? "The provider can call the servers" : "The provider can't call the servers");
  const kills = Math.ceil(count / values.mode.length);
  const options = { kills, callbacks, points, resumeLimitSeconds: RESUME_LIMIT_SECONDS, say };
  const { violations, summary, table } = await runCampaign(options);
  console.table(table);
  console.table(summary);
  for (const violation of violations) print(`VIOLATION ${violation}`);
  violationCount += violations.length;
}
print(`${violationCount} violations`);
process.exitCode = violationCount === 0 ? 0 : 1;
