import { readFile } from "node:fs/promises";
import path from "node:path";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { sha256Of } from "../support/sha256.ts";
import type { Customers } from "./customers.ts";
import type { Event, Observer } from "./observer.ts";
import { findHits, tabulate } from "./outcomes.ts";
import type { Kill } from "./points.ts";
import type { Replica } from "./replica.ts";
import { findOrphanRows, type GenerationRow, readFileKeys, readGenerations } from "./rows.ts";
import { age, findOrphanFiles, unnamedFiles } from "./store.ts";

/** A replica that comes back within this time is back before a lease ends. */
const SOON_MS = 10_000;

interface World {
  kills: Kill[];
  observer: Observer;
  customers: Customers;
  fake: FakeGenapi;
  replicas: readonly Replica[];
  /** The store of all replicas. */
  uploads: string;
  resumeLimitSeconds: number;
}

/** Checks everything that must hold when all work has ended; restarts a replica to see the store swept. */
export async function findViolations(world: World) {
  const { observer, customers, fake, uploads, replicas, kills } = world;
  const rows = await readGenerations(observer);
  const history = await observer.history();
  const violations: string[] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const id of customers.accepted)
    if (!byId.has(id)) violations.push(`Lost: ${id} was accepted and is gone`);
  const accepted = new Set(customers.accepted);
  for (const { id } of rows)
    if (!accepted.has(id)) violations.push(`${id} exists, but no customer was told of it`);
  const creates = fake.createsPerPhoto();
  for (const row of rows) {
    for (const problem of rowProblems(row, creates.get(row.photo) ?? 0, customers)) {
      violations.push(`${problem}\n${describeHistory(history.get(row.id) ?? [], kills)}`);
    }
  }
  const hits = findHits(kills, rows, history, replicas);
  for (const { kill, row, seconds } of hits) {
    const text = describeHistory(history.get(row.id) ?? [], kills);
    if (seconds !== null && seconds > world.resumeLimitSeconds) {
      violations.push(`${row.id} went on ${seconds.toFixed(1)} s after the kill ${kill.point}\n${text}`);
    }
    const isJournaled = kill.point === "answer only in the journal" && row.remoteIds.includes(kill.remoteId!);
    const after = (history.get(row.id) ?? []).filter(({ at }) => at > kill.at);
    const isForgotten = after.some(({ status }) => status === "needs-confirmation");
    if (isJournaled && isForgotten && (await kill.readyAt) - kill.at < SOON_MS) {
      violations.push(`The answer to ${row.id} was in the journal, but a person was asked\n${text}`);
    }
  }
  violations.push(...replicas.flatMap(({ deaths }) => deaths));
  violations.push(...(await findOrphanRows(observer)));
  const kept = rows.filter(({ isKept }) => isKept).map(({ originalKey }) => originalKey);
  const named = new Set([...(await readFileKeys(observer)), ...kept]);
  const left = (await unnamedFiles(uploads, named)).length;
  await age(uploads);
  await replicas[0].killAndRestart();
  for (const key of await findOrphanFiles(uploads, named)) violations.push(`Orphan file: ${key}`);
  for (const row of rows) violations.push(...(await fileProblems(row, uploads, replicas[0].current!.url)));
  const resumes = hits.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const summary = {
    kills: kills.length,
    generations: rows.length,
    creates: fake.creates().length,
    "confirmed retries": rows.reduce((sum, row) => sum + row.confirmed, 0),
    canceled: rows.filter(({ status }) => status === "canceled").length,
    "results of canceled work kept": kept.length,
    "generations hit": hits.length,
    "slowest resume, s": Math.max(0, ...resumes).toFixed(1),
    "slowest start, s": (Math.max(...replicas.flatMap(({ startsMs }) => startsMs)) / 1000).toFixed(1),
    "remains that a start swept": left,
  };
  return { violations, summary, table: tabulate(kills, hits) };
}

function rowProblems(row: GenerationRow, creates: number, { canceled }: Customers): string[] {
  const problems: string[] = [];
  if (creates > 1 + row.confirmed) {
    problems.push(`Paid twice: ${row.id} has ${creates} creates and ${row.confirmed} confirmed retries`);
  }
  const isCanceled = row.status === "canceled" && canceled.has(row.id);
  if (row.status !== "succeeded" && !isCanceled) {
    problems.push(`${row.id} ended as ${row.status}: ${row.error?.code}`);
  }
  if (isCanceled && row.isKnown && !row.isKept) problems.push(`What was paid for ${row.id} is not kept`);
  if (row.status === "succeeded" && !row.modelId) problems.push(`${row.id} succeeded without a model`);
  if (row.paid < creates) problems.push(`${row.id} has ${creates} creates, but ${row.paid} count as paid`);
  if (row.reserved > 0) problems.push(`${row.id} is ${row.status}, and money is still reserved for it`);
  // Nobody closes the attempt of a process that died where the work was canceled.
  if (row.open > 0 && !isCanceled) problems.push(`${row.id} is ${row.status} and has an open attempt`);
  return problems;
}

/** The photo and the files of the model, read where people read them. */
async function fileProblems(row: GenerationRow, uploads: string, origin: string): Promise<string[]> {
  const problems: string[] = [];
  const photo = await readFile(path.join(uploads, row.photoKey)).catch(() => null);
  if (!photo || sha256Of(photo) !== row.photo) problems.push(`The photo of ${row.id} is lost or changed`);
  if (!row.modelId) return problems;
  const model = (await (await fetch(`${origin}/api/v1/models/${row.modelId}`)).json()) as {
    files?: Record<string, { url: string; sha256: string }>;
  };
  const files = Object.entries(model.files ?? {});
  if (files.length !== 4) problems.push(`The model of ${row.id} has ${files.length} files`);
  for (const [kind, { url, sha256 }] of files) {
    const response = await fetch(origin + url);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok || sha256Of(bytes) !== sha256) problems.push(`${kind} of ${row.id} is lost or changed`);
  }
  return problems;
}

/** What happened to a generation, a line a change, with the kills in between; seconds from its beginning. */
function describeHistory(events: readonly Event[], kills: readonly Kill[]): string {
  const start = events[0]?.at ?? 0;
  const end = events.at(-1)?.at ?? 0;
  const said = events.map(({ at, writer, status, stage }) => ({
    at,
    text: `${writer} ${status} ${stage ?? ""}`,
  }));
  const killed = kills
    .filter(({ at }) => at >= start && at <= end)
    .map(({ at, writer, point }) => ({ at, text: `${writer} KILLED ${point}` }));
  const lines = [...said, ...killed].sort((a, b) => a.at - b.at);
  return lines
    .filter(({ text }, index) => text !== lines[index - 1]?.text || index === lines.length - 1)
    .map(({ at, text }) => `    ${((at - start) / 1000).toFixed(2)} ${text}`)
    .join("\n");
}
