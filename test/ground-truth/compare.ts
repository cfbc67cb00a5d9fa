import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { readGeometry } from "../support/glb-geometry.ts";
import { type Judgement, judge } from "./judge.ts";
import { readModel } from "./read-model.ts";
import { SHOTS } from "./shots.ts";
import { readTruth } from "./truth.ts";

/** What one generator made of one photo. */
export interface Made extends Judgement {
  name: string;
  mode: string;
  shape: string;
  isWatertight: boolean;
  seconds: number;
  peakMegabytes: number;
}

const PARAMS = { triangles: 30_000, textureSize: 1024, depth: null, mode: "auto", box: null };

/** Runs the generator of a server's folder in its own process; answers the report, time and peak memory. */
async function generateWith(serverFolder: string, photoPath: string, outputPath: string) {
  const child = fork(path.join(serverFolder, "providers/local/child/main.ts"), [], { stdio: "inherit" });
  let peak = 0;
  const watch = setInterval(() => {
    try {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      peak = Math.max(peak, 0);
    }
  }, 20);
  const startedAt = performance.now();
  let report = { mode: "failed", shape: "" };
  child.on("message", (message: { kind: string; report: typeof report; code: string }) => {
    if (message.kind === "generated") report = message.report;
    if (message.kind === "failed") report = { mode: message.code, shape: "" };
  });
  child.send({ kind: "generate", photoPath, outputPath, params: PARAMS });
  await once(child, "close");
  clearInterval(watch);
  return { ...report, seconds: (performance.now() - startedAt) / 1000, peakMegabytes: peak };
}

/** `node test/ground-truth/compare.ts SERVER_FOLDER OUT_FOLDER [name…]` measures one version of the generator. */
const [serverFolder, outFolder, ...wanted] = process.argv.slice(2);
fs.mkdirSync(outFolder, { recursive: true });
const all: Made[] = [];
for (const { name } of SHOTS.filter((shot) => wanted.length === 0 || wanted.includes(shot.name))) {
  const truth = await readTruth(name);
  const output = path.join(outFolder, `${name}.glb`);
  const run = await generateWith(path.resolve(serverFolder), truth.photoPath, path.resolve(output));
  if (run.shape === "") {
    console.log(name, run.mode);
    continue;
  }
  const glb = new Uint8Array(fs.readFileSync(output));
  const { isWatertight } = await readGeometry(glb);
  const made: Made = {
    name,
    mode: run.mode,
    shape: run.shape,
    isWatertight,
    seconds: run.seconds,
    peakMegabytes: run.peakMegabytes,
    ...judge(await readModel(glb), truth),
  };
  all.push(made);
  const round = (value: number, digits = 3) => value.toFixed(digits);
  console.log(
    [
      name.padEnd(13),
      `${made.mode}/${made.shape}`.padEnd(16),
      `front ${round(made.frontIou)}`,
      `side ${round(made.sideIou)}`,
      `depth ${round(made.depthCorrelation, 2)}`,
      `holes ${made.openings}/${made.trueOpenings}`,
      `rim ${round(made.rimError, 1)}`,
      `stretch ${round(made.stretched, 2)}`,
      made.isWatertight ? "closed" : "OPEN",
      `${round(made.seconds, 1)} s`,
      `${made.peakMegabytes.toFixed(0)} MB`,
    ].join("  "),
  );
}
fs.writeFileSync(path.join(outFolder, "figures.json"), JSON.stringify(all, null, 2));
console.log(`load ${os.loadavg()[0].toFixed(1)}`);
