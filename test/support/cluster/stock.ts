import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Model } from "../../../server/contract/model.ts";
import { photoForm } from "../client.ts";
import { boxGlb } from "../make-glb.ts";
import type { Cluster } from "./cluster.ts";
import type { Member } from "./member.ts";

const PAGE_FILES = path.resolve(import.meta.dirname, "../../../web/dist/assets");

/** Imports so many small models; answers what a look at them needs. */
export async function makeModels({ url }: Pick<Cluster, "url">, member: Member, count: number) {
  const made: { id: string; sha256: string }[] = [];
  for (let number = 1; number <= count; number++) {
    const body = photoForm(
      await boxGlb([0.1 * number, 0.4, 0.3]),
      { name: `Box ${number}` },
      "box.glb",
      "file",
    );
    const { id, files } = await member.json<Model>(`${url}/api/v1/models`, { method: "POST", body });
    made.push({ id, sha256: files.glb!.sha256 });
  }
  return made;
}

/** Path of a script of the built page. */
export async function pageAsset(): Promise<string> {
  const script = (await readdir(PAGE_FILES)).find((name) => name.endsWith(".js"));
  return `/assets/${script}`;
}
