import { spawnSync } from "node:child_process";
import path from "node:path";

export const PUBLIC_ADDRESS = "93.184.215.14";
/** One of every kind that must never be reached. */
export const INSIDE_ADDRESSES = [
  "127.0.0.1",
  "127.8.9.10",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "198.18.0.1",
  "0.0.0.0",
  "::1",
  "fd00::1",
  "64:ff9b::a01:203",
];

interface Report {
  controls: number;
  hits: number;
  outcomes: Record<string, Record<string, number>>;
}

/** Runs the matrix in a network namespace; a text says why that can't be had here. */
export function runInNamespace(): Report | string {
  const isRoot = process.getuid?.() === 0;
  const unshare = isRoot ? ["-n"] : ["-rn"];
  const probe = spawnSync("unshare", [...unshare, "ip", "link", "set", "lo", "up"], { encoding: "utf8" });
  if (probe.status !== 0) return probe.error?.message ?? probe.stderr.trim();
  const own = ["127.0.0.1", "127.8.9.10", "0.0.0.0", "::1"];
  const added = [PUBLIC_ADDRESS, ...INSIDE_ADDRESSES.filter((address) => !own.includes(address))];
  const script = [
    "set -e",
    "ip link set lo up",
    ...added.map((address) => `ip addr add ${address}/${address.includes(":") ? "128 nodad" : 32} dev lo`),
    'exec "$@"',
  ].join("\n");
  const inside = path.join(import.meta.dirname, "inside.ts");
  const command = [process.execPath, inside, PUBLIC_ADDRESS, ...INSIDE_ADDRESSES];
  const run = spawnSync("unshare", [...unshare, "sh", "-c", script, "sh", ...command], {
    encoding: "utf8",
    timeout: 120_000,
  });
  if (run.status !== 0) throw new Error(`The matrix failed in its namespace:\n${run.stderr}${run.stdout}`);
  return JSON.parse(run.stdout) as Report;
}
