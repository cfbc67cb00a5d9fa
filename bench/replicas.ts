import os from "node:os";
import type { Generation } from "../server/contract/generation.ts";
import { photoForm, readPhoto } from "../test/support/client.ts";
import { type Cluster, startCluster } from "../test/support/cluster/cluster.ts";
import { type Member, makeKey } from "../test/support/cluster/member.ts";
import { makeModels } from "../test/support/cluster/stock.ts";
import { until } from "../test/support/until.ts";
import { bigModel } from "./big-model.ts";
import type { Figure } from "./figures.ts";
import { importModel } from "./import-model.ts";
import { load } from "./load.ts";

const COUNTS = [1, 2, 3];
const CLIENTS = 24;
const SECONDS = 8;
const MODELS = 100;
const GENERATIONS = 9;
const PATIENCE_MS = 600_000;
const MEGABYTE = 1e6;

/** What one, two and three servers carry together behind nginx, on the cores of this machine, which all parts share. */
export async function measureReplicas(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const perSecond = new Map<string, number>();
  for (const count of COUNTS) {
    const cluster = await startCluster({ replicas: count, files: "folder", settings: { LOG_LEVEL: "warn" } });
    try {
      for (const figure of await measureCluster(cluster)) {
        const one = perSecond.get(figure.name) ?? figure.value;
        perSecond.set(figure.name, one);
        const name = `${count} behind nginx on ${os.availableParallelism()} cores: ${figure.name}`;
        figures.push(
          { ...figure, name },
          { name: `${name}, against one`, value: figure.value / one, unit: "×" },
        );
      }
    } finally {
      await cluster.dispose();
    }
  }
  return figures;
}

async function measureCluster(cluster: Cluster): Promise<Figure[]> {
  const member = await makeKey(cluster.url);
  const { headers } = member;
  const options = { connections: CLIENTS, seconds: SECONDS, headers };
  await makeModels(cluster, member, MODELS);
  const { model } = await importModel(cluster.url, await bigModel(), headers);
  const list = await load(`${cluster.url}/api/v1/models?limit=24`, options);
  const file = await load(`${cluster.url}${model.files.glb!.url}`, options);
  return [
    { name: "lists of 24 models", value: list.perSecond, unit: "1/s" },
    { name: "downloads of a model", value: file.bytesPerSecond / MEGABYTE, unit: "MB/s" },
    {
      name: "models made by the local generator",
      value: await generateAll(cluster.url, member),
      unit: "1/min",
    },
  ];
}

/** Some generations at once; how many a minute got done. */
async function generateAll(origin: string, member: Member): Promise<number> {
  const photo = await readPhoto("sofa.jpg");
  const startedAt = performance.now();
  const addresses = await Promise.all(
    Array.from({ length: GENERATIONS }, async () => {
      const body = photoForm(photo, { provider: "local", preset: "draft" });
      const { id } = await member.json<Generation>(`${origin}/api/v1/generations`, { method: "POST", body });
      return `${origin}/api/v1/generations/${id}`;
    }),
  );
  for (const address of addresses) {
    let status = "";
    const hasEnded = async () => {
      const generation = await member.json<Generation>(address);
      status = generation.status;
      return generation.finishedAt !== null;
    };
    await until("the generation has ended", hasEnded, { patienceMs: PATIENCE_MS });
    if (status !== "succeeded") throw new Error(`A generation ended as ${status}.`);
  }
  return (GENERATIONS / (performance.now() - startedAt)) * 60_000;
}
