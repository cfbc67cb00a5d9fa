import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startFakeGenapi } from "../test/support/fake-genapi/server.ts";
import { startServer } from "../test/support/server-process.ts";
import { measureBackup } from "./backup.ts";
import { measureBruteForce } from "./brute-force.ts";
import { measureCache } from "./cache.ts";
import { type Figure, passes, table } from "./figures.ts";
import { measureFirstView } from "./first-view.ts";
import { measureInFlight } from "./in-flight.ts";
import { measureLocalGenerator } from "./local-generator.ts";
import { measureManyModels } from "./many-models.ts";
import {
  measureDownload,
  measureIdle,
  measureList,
  measureOverheadAtFifty,
  measureOverheadAtOne,
  measurePage,
  measureUpload,
} from "./measurements.ts";
import { measurePipeline } from "./pipeline.ts";
import { measureReplicas } from "./replicas.ts";
import { measureStatic } from "./static-files.ts";

if (!fs.existsSync(path.join(import.meta.dirname, "../web/dist/index.html"))) {
  throw new Error("The page is not built yet. Run `npm run build` first.");
}
/** Names of measurements, where not all are wanted. */
const wanted = process.argv.slice(2);
const RESULTS = path.join(import.meta.dirname, "results");
const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "photo-to-3d-bench-"));
// Readable for other users: a database started as root runs as one of them.
fs.chmodSync(folder, 0o755);

const fake = await startFakeGenapi();
fake.script("immediate");
const settings = { GENAPI_API_KEY: fake.key, GENAPI_BASE_URL: `${fake.url}/api/v1` };
const loadBefore = os.loadavg()[0];
const figures: Figure[] = [];
let server = await startServer(folder, settings);
try {
  figures.push({ name: "first start, new database, until ready", value: server.startMs, unit: "ms" });
  await server.stop();
  server = await startServer(folder, settings);
  figures.push({ name: "later start until ready", value: server.startMs, unit: "ms" });
  const measures = [
    measureIdle,
    measurePage,
    measureOverheadAtOne,
    measureOverheadAtFifty,
    measureUpload,
    measureDownload,
    measurePipeline,
    measureLocalGenerator,
    measureFirstView,
    measureList,
    measureCache,
    measureBackup,
    measureInFlight,
    measureBruteForce,
    measureStatic,
    measureReplicas,
    // Leaves a million models behind, which take minutes to remove.
    measureManyModels,
  ];
  const unknown = wanted.filter((name) => !measures.some((measure) => measure.name === name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")} in bench/run.ts.`);
  for (const measure of measures.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`${measure.name} ...`);
    figures.push(...(await measure(server, folder)));
  }
} finally {
  await server.stop();
  await fake.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
}

const report = {
  takenAt: new Date().toISOString(),
  machine: {
    cpu: os.cpus()[0]?.model,
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    node: process.version,
    loadBefore,
  },
  figures: figures.map((figure) => ({
    ...figure,
    ...(figure.aim !== undefined && { passed: passes(figure) }),
  })),
};
fs.mkdirSync(RESULTS, { recursive: true });
const file = path.join(RESULTS, `${report.takenAt.replaceAll(":", "-")}.json`);
fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
if (loadBefore > os.availableParallelism() / 2) {
  console.log(`\nThe machine was busy already (load ${loadBefore.toFixed(1)}), so times are too long.`);
}
console.log(`\n${table(figures)}\n\nWritten to ${path.relative(process.cwd(), file)}`);
