import { readdir } from "node:fs/promises";
import path from "node:path";
import { output, show } from "./commands.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What an image says of itself, as Docker writes it. */
export interface ImageConfig {
  User: string;
  ExposedPorts: Record<string, unknown>;
  Env: string[];
  Cmd: string[];
  WorkingDir: string;
  Labels: Record<string, string>;
  Healthcheck: { Test: string[] };
}

interface BuildOptions {
  version: string;
  revision: string;
}

/** Runs every stage of the Dockerfile; without an engine, so also where there is none. */
export const buildImage = (name: string, { version, revision }: BuildOptions): Promise<void> =>
  show(
    "buildah",
    [
      "bud",
      ...["--isolation", "chroot", "--pull-never", "--format", "docker", "--layers"],
      ...["--build-arg", `VERSION=${version}`, "--build-arg", `REVISION=${revision}`],
      ...["--tag", name, "."],
    ],
    ROOT,
  );

export async function configOf(name: string): Promise<ImageConfig> {
  const text = await output("buildah", ["inspect", "--type", "image", name]);
  return JSON.parse(text).Docker.config;
}

/** The files of an image as a folder of this machine, until it is disposed of. */
export async function mountImage(name: string) {
  const container = await output("buildah", ["from", "--pull-never", name]);
  const folder = await output("buildah", ["mount", container]);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await output("buildah", ["umount", container]);
      await output("buildah", ["rm", container]);
    },
  };
}

/** Megabytes of an image by what they are for. */
export async function sizesOf(folder: string): Promise<Record<string, number>> {
  const megabytes = async (part: string) =>
    Number((await output("du", ["-s", "-B", "1", path.join(folder, part)])).split("\t")[0]) / 1e6;
  const parts = ["app/node_modules", "app/server", "app/web", "app/migrations"];
  const sizes: Record<string, number> = { "the whole image": await megabytes("") };
  for (const part of parts) sizes[part] = await megabytes(part);
  return sizes;
}

/** Names of packages of `node_modules`, also those with a scope. */
export async function packagesIn(folder: string): Promise<string[]> {
  const modules = path.join(folder, "app/node_modules");
  const names = await readdir(modules);
  const scoped = names.filter((name) => name.startsWith("@"));
  const inside = await Promise.all(
    scoped.map(async (scope) => (await readdir(path.join(modules, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...names.filter((name) => !/^[.@]/.test(name)), ...inside.flat()];
}
