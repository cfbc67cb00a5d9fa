import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { exists, output, show } from "./commands.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** The one that the official image is made of. */
const DEBIAN = "bookworm";
const PACKAGES = "ca-certificates,libstdc++6";
const TOOLS = {
  buildah: "buildah",
  debootstrap: "debootstrap",
  unshare: "util-linux",
  setpriv: "util-linux",
  "dpkg-query": "dpkg",
};
const NODE_UID = 1000;

/** Throws what is missing and the command that brings it. */
export async function checkTools(): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Error("An image can be built without Docker on Linux only, as root: sudo npm run test:image");
  }
  const missing: string[] = [];
  for (const [command, name] of Object.entries(TOOLS)) if (!(await exists(command))) missing.push(name);
  if (missing.length > 0) {
    throw new Error(`Some programs are missing: apt-get install ${[...new Set(missing)].join(" ")}`);
  }
}

/**
 * A local stand-in for an official image of Node, under its very name, for machines that reach no registry of images:
 * Debian by debootstrap, Node's program and npm by npm, the user `node`. It trusts the certificates that this machine
 * trusts. `folder` keeps what has been made.
 */
export async function makeBaseImage(name: string, folder: string): Promise<void> {
  const system = path.join(folder, "system");
  if (!(await readdir(system).catch(() => null))) await makeSystem(system);
  const container = await output("buildah", ["from", "scratch"]);
  try {
    await output("buildah", ["add", container, system, "/"]);
    await output("buildah", [
      "config",
      "--env",
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "--env",
      "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt",
      "--cmd",
      "node",
      container,
    ]);
    await output("buildah", ["commit", "--rm", container, name]);
  } catch (error) {
    await output("buildah", ["rm", container]).catch(() => {});
    throw error;
  }
}

async function makeSystem(system: string): Promise<void> {
  const draft = `${system}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await show("debootstrap", ["--variant=minbase", `--include=${PACKAGES}`, DEBIAN, draft]);
  const bin = path.join(draft, "usr/local/bin");
  const modules = path.join(draft, "usr/local/lib/node_modules");
  await copyFile(path.join(ROOT, "node_modules/node/bin/node"), path.join(bin, "node"));
  await mkdir(modules, { recursive: true });
  const packed = await output("npm", ["pack", "--silent", "--pack-destination", draft, "npm@11"]);
  const archive = path.join(draft, packed.split("\n").at(-1)!);
  await output("tar", ["-xzf", archive, "-C", modules]);
  await rm(archive);
  await rename(path.join(modules, "package"), path.join(modules, "npm"));
  for (const command of ["npm", "npx"]) {
    await symlink(`../lib/node_modules/npm/bin/${command}-cli.js`, path.join(bin, command));
  }
  await trustWhatIsTrustedHere(draft);
  await output("chroot", [draft, "useradd", "--uid", String(NODE_UID), "--user-group", "-m", "node"]);
  await rm(path.join(draft, "var/cache/apt/archives"), { recursive: true, force: true });
  await rm(path.join(draft, "var/lib/apt/lists"), { recursive: true, force: true });
  await rename(draft, system);
}

/** Behind a proxy of a firm npm reaches its registry only so; the registry may be another one, too. */
async function trustWhatIsTrustedHere(system: string): Promise<void> {
  const own = process.env.NODE_EXTRA_CA_CERTS;
  if (own) {
    const bundle = path.join(system, "etc/ssl/certs/ca-certificates.crt");
    await writeFile(bundle, await readFile(own), { flag: "a" });
  }
  const registry = await output("npm", ["config", "get", "registry"]);
  await mkdir(path.join(system, "usr/local/etc"), { recursive: true });
  await writeFile(path.join(system, "usr/local/etc/npmrc"), `registry=${registry}\n`);
}
