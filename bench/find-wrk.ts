import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { unpackedPackages } from "../test/support/debian-package.ts";

const run = promisify(execFile);

const PACKAGES = ["wrk", "libluajit-5.1-2", "libluajit-5.1-common"];
const CURE =
  "This measurement needs wrk. Debian and Ubuntu: apt-get install wrk (or let apt-get download reach its mirror). " +
  "macOS: brew install wrk.";
/** It ends with this when it is asked for its version. */
const VERSION_CODE = 1;

/** A client in C: what it costs itself doesn't hide what the server costs. */
export interface Wrk {
  command: string;
  env: NodeJS.ProcessEnv;
}

/** The one of this machine, else that of Debian's package without installing it. Throws the cure without both. */
export async function findWrk(): Promise<Wrk> {
  const installed: Wrk = { command: "wrk", env: { PATH: process.env.PATH } };
  if (await runs(installed)) return installed;
  const root = await unpackedPackages("wrk", PACKAGES).catch((cause) => {
    throw new Error(CURE, { cause });
  });
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as string] ?? "";
  const unpacked: Wrk = {
    command: path.join(root, "usr/bin/wrk"),
    env: { LD_LIBRARY_PATH: path.join(root, "usr/lib", triplet) },
  };
  if (!(await runs(unpacked))) throw new Error(CURE);
  return unpacked;
}

async function runs({ command, env }: Wrk): Promise<boolean> {
  const failure = await run(command, ["-v"], { env }).catch((error) => error);
  return failure.code === VERSION_CODE;
}
