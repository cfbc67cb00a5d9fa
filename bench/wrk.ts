import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Wrk } from "./find-wrk.ts";
import type { Load } from "./load.ts";

const run = promisify(execFile);

const REPORT = path.join(import.meta.dirname, "wrk-report.lua");
const TIMEOUT_SECONDS = 30;

/** What `wrk-report.lua` writes. */
const Report = z.object({
  requests: z.number(),
  failed: z.number(),
  bytes: z.number(),
  tookUs: z.number(),
  p50Us: z.number(),
  p99Us: z.number(),
  clientCpuSeconds: z.number(),
});

export interface WrkLoad extends Load {
  requests: number;
  /** With headers. */
  bytes: number;
  /** Part of a core that the client itself took, 0 to 1: near to 1 it is what bounds the rest. */
  clientShare: number;
}

/**
 * As `load`, with one thread of a client in C.
 * @param bodyBytes of each answer; that they all came is checked
 */
export async function loadWithWrk(
  wrk: Wrk,
  url: string,
  options: { connections: number; seconds: number; headers: Record<string, string>; bodyBytes: number },
): Promise<WrkLoad> {
  const headers = Object.entries(options.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const size = ["-t", "1", "-c", String(options.connections), "-d", `${options.seconds}s`];
  const { stdout } = await run(
    wrk.command,
    [...size, "--timeout", `${TIMEOUT_SECONDS}s`, "-s", REPORT, ...headers, url],
    { env: wrk.env },
  );
  const report = Report.parse(JSON.parse(stdout.trim().split("\n").at(-1)!));
  if (report.failed > 0) throw new Error(`${report.failed} requests of ${url} failed.`);
  if (report.requests === 0) throw new Error(`${url} was not answered within ${options.seconds} s.`);
  if (report.bytes < report.requests * options.bodyBytes) throw new Error(`${url} was not sent whole.`);
  const seconds = report.tookUs / 1e6;
  return {
    requests: report.requests,
    bytes: report.bytes,
    perSecond: report.requests / seconds,
    bytesPerSecond: report.bytes / seconds,
    p50Ms: report.p50Us / 1000,
    p99Ms: report.p99Us / 1000,
    clientShare: report.clientCpuSeconds / seconds,
  };
}
