import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { NodeIO } from "@gltf-transform/core";
import type { Model } from "../server/contract/model.ts";
import type { Cluster } from "../test/support/cluster/cluster.ts";
import { type Member, makeKey, sendJson } from "../test/support/cluster/member.ts";
import { bigModel } from "./big-model.ts";
import { importModel } from "./import-model.ts";

const PAGE_FILES = path.resolve(import.meta.dirname, "../web/dist/assets");
const CLIENTS = 24;
/** So many of a large file are under way that all of them end within seconds. */
const CLIENTS_OF_LARGE = 4;
const GZIP = { "Accept-Encoding": "gzip" };
const SMALL_SCRIPT_BYTES = 2000;
const LARGE_MODEL_BYTES = 20e6;
const RANGE = { Range: "bytes=1000000-1065535" };

/** One file, as the product gives it away and as a bare nginx does. */
export interface Delivery {
  name: string;
  /** Paths with their queries. */
  product: string;
  plain: string;
  /** What only the product asks for. */
  credential: Record<string, string>;
  headers: Record<string, string>;
  status: 200 | 206 | 304;
  /** At a time. */
  clients: number;
}

/**
 * Fills a cluster with two models and `root` with the same bytes as the product sends, compressed where it compresses.
 * @param root where a bare nginx finds its files
 */
export async function prepareDeliveries(cluster: Cluster, root: string): Promise<Delivery[]> {
  const member = await makeKey(cluster.url);
  const glb = await bigModel();
  const small = await importModel(cluster.url, glb, member.headers);
  const large = await importModel(cluster.url, await padded(glb), member.headers);
  const shares = `${cluster.url}/api/v1/models/${small.model.id}/shares`;
  const { url } = await member.json<{ url: string }>(shares, sendJson("POST", {}));
  const [preview, original] = [fileOf(small.model, "preview"), fileOf(large.model, "original")];
  const shared = `${new URL(url).pathname}/preview.glb${new URL(preview, cluster.url).search}`;
  const scripts = await scriptsBySize();
  const smallScript = scripts.findLast(({ bytes }) => bytes >= SMALL_SCRIPT_BYTES)!;
  const keep = (name: string, content: Buffer) => writePlain(root, name, content);
  await keep("index.html", await bytesOf(cluster.url, "/", member));
  for (const { name } of [smallScript, scripts[0]]) {
    await keep(`assets/${name}`, await readFile(path.join(PAGE_FILES, name)));
  }
  await keep("small.glb", await bytesOf(cluster.url, preview, member));
  await keep("large.glb", await bytesOf(cluster.url, original, member));
  const base = { credential: {}, headers: {}, status: 200 as const, clients: CLIENTS };
  const page = (name: string, address: string) => ({
    ...base,
    name,
    product: address,
    plain: address,
    headers: GZIP,
  });
  const ofLarge = { ...base, product: original, plain: "/large.glb", credential: member.headers };
  return [
    page("page (html, gzip)", "/"),
    page(`script of ${kilobytes(smallScript.bytes)} (gzip)`, `/assets/${smallScript.name}`),
    page(`script of ${kilobytes(scripts[0].bytes)} (gzip)`, `/assets/${scripts[0].name}`),
    { ...base, name: "model of 0.3 MB, share link", product: shared, plain: "/small.glb" },
    {
      ...base,
      name: "model of 0.3 MB, API key",
      product: preview,
      plain: "/small.glb",
      credential: member.headers,
    },
    { ...ofLarge, name: "model of 20 MB, API key", clients: CLIENTS_OF_LARGE },
    { ...ofLarge, name: "64 kB of the 20 MB", headers: RANGE, status: 206 },
    { ...base, name: "304, model by share link", product: shared, plain: "/small.glb", status: 304 },
    {
      ...page("304, script", `/assets/${scripts[0].name}`),
      status: 304,
    },
  ];
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

/** Scripts of the page, the largest first. */
async function scriptsBySize(): Promise<{ name: string; bytes: number }[]> {
  const names = (await readdir(PAGE_FILES)).filter((name) => name.endsWith(".js"));
  const sized = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(path.join(PAGE_FILES, name))).size })),
  );
  return sized.toSorted((a, b) => b.bytes - a.bytes);
}

/** The same model with bytes that nothing compresses and nobody draws, so that its original is large. */
async function padded(glb: Buffer): Promise<Buffer> {
  const io = new NodeIO();
  const document = await io.readBinary(new Uint8Array(glb));
  const [buffer] = document.getRoot().listBuffers();
  const noise = new Uint8Array(randomBytes(LARGE_MODEL_BYTES - glb.length));
  document.createAccessor().setType("SCALAR").setArray(noise).setBuffer(buffer);
  return Buffer.from(await io.writeBinary(document));
}

function fileOf(model: Model, kind: "preview" | "original"): string {
  const file = model.files[kind];
  if (!file) throw new Error(`A model has no ${kind}.`);
  return file.url;
}

async function bytesOf(origin: string, address: string, member: Member): Promise<Buffer> {
  const response = await member.fetch(origin + address);
  if (!response.ok) throw new Error(`${address} was answered with ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function writePlain(root: string, name: string, content: Buffer): Promise<void> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  if (!name.endsWith(".glb")) await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
}
