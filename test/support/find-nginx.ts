import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { unpackedPackages } from "./debian-package.ts";

const run = promisify(execFile);

/** The program, and a library that it needs and a slim system lacks. */
const PACKAGES = ["nginx", "libpcre2-8-0"];
const CURE =
  "These tests need nginx. Debian and Ubuntu: apt-get install nginx (or let apt-get download reach its mirror). " +
  "macOS: brew install nginx.";

/** An nginx that runs on this machine. */
export interface Nginx {
  command: string;
  /** Where its libraries are; null: where the system's are. */
  libraries: string | null;
  version: string;
}

/** The one of this machine, else that of Debian's package (1 MB) without installing it. Throws the cure without both. */
export async function findNginx(): Promise<Nginx> {
  for (const command of ["nginx", "/usr/sbin/nginx"]) {
    const installed = await tryOut(command, null);
    if (installed) return installed;
  }
  const root = await unpackedPackages("nginx", PACKAGES).catch((cause) => {
    throw new Error(CURE, { cause });
  });
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as string] ?? "";
  const unpacked = await tryOut(path.join(root, "usr/sbin/nginx"), path.join(root, "usr/lib", triplet));
  if (!unpacked) throw new Error(CURE);
  return unpacked;
}

async function tryOut(command: string, libraries: string | null): Promise<Nginx | null> {
  try {
    const { stderr } = await run(command, ["-v"], { env: nginxEnv({ libraries }) });
    return { command, libraries, version: /nginx\/(\S+)/.exec(stderr)![1] };
  } catch {
    return null;
  }
}

/** The environment in which it finds its libraries. */
export const nginxEnv = ({ libraries }: Pick<Nginx, "libraries">) => ({
  PATH: process.env.PATH,
  ...(libraries && { LD_LIBRARY_PATH: libraries }),
});
