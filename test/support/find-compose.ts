import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { unpackedPackages } from "./debian-package.ts";

const run = promisify(execFile);

/** The program, and the libraries of Python that it needs; a slim system has none of them. */
const PACKAGES = [
  "docker-compose",
  ..."attr certifi chardet charset-normalizer docker dockerpty docopt dotenv idna jsonschema pkg-resources pyrsistent"
    .split(" ")
    .map((name) => `python3-${name}`),
  ..."requests six texttable urllib3 websocket yaml distutils".split(" ").map((name) => `python3-${name}`),
];

/** A Compose that reads files without an engine: `config`. */
export interface Compose {
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  version: string;
}

let found: Promise<Compose | null> | undefined;

/** The one of this machine, else that of Debian's packages without installing them; null where neither can be had. */
export function findCompose(): Promise<Compose | null> {
  found ??= find();
  return found;
}

async function find(): Promise<Compose | null> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const installed =
    (await tryOut({ command: "docker", args: ["compose"], env })) ??
    (await tryOut({ command: "docker-compose", args: [], env }));
  if (installed) return installed;
  const root = await unpackedPackages("docker-compose", PACKAGES).catch(() => null);
  if (!root) return null;
  return tryOut({
    command: "/usr/bin/python3",
    args: ["-c", "from compose.cli.main import main; main()"],
    env: { ...env, PYTHONPATH: path.join(root, "usr/lib/python3/dist-packages") },
  });
}

async function tryOut(compose: Omit<Compose, "version">): Promise<Compose | null> {
  try {
    const { stdout } = await run(compose.command, [...compose.args, "version"], { env: compose.env });
    return { ...compose, version: /version v?(\d[\w.]*)/.exec(stdout)![1] };
  } catch {
    return null;
  }
}

/** What Compose makes of a file, as YAML; rejects with what it says against it. */
export async function composeConfig(
  { command, args, env, version }: Compose,
  file: string,
  variables: Record<string, string>,
): Promise<string> {
  // Instead of the `.env` that a developer may have beside the file.
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-compose-"));
  try {
    const empty = path.join(folder, "empty");
    await writeFile(empty, "");
    // The first Compose, which Debian 12 has, refuses a project's name.
    const readable = version.startsWith("1.") ? path.join(folder, path.basename(file)) : file;
    if (readable !== file) {
      await writeFile(readable, (await readFile(file, "utf8")).replace(/^name: .*$/m, ""));
    }
    const options = ["--env-file", empty, "--project-directory", path.dirname(file), "-f", readable];
    const { stdout } = await run(command, [...args, ...options, "config"], { env: { ...env, ...variables } });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
