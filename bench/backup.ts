import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backup, BackupList, BackupStatus } from "../server/contract/backup.ts";
import { borrowEmbeddedPostgres } from "../server/database/embedded-for-tools.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { type Figure, percentile } from "./figures.ts";
import { fillModels } from "./fill.ts";
import { residentBytes, watchMemory } from "./process-usage.ts";

const MEGABYTE = 1e6;
const FULL = { models: 100_000, files: 1000, fileBytes: MEGABYTE };
const QUIET_MS = 5000;
const POLL_MS = 250;

/**
 * A backup of many models and files by the running server, at the pace of its settings: how long it takes, what memory
 * it needs beyond the idle server's, and how it slows down the list of models. Then the next one, with nothing new.
 */
export async function measureBackup(server: ServerProcess, folder: string, size = FULL): Promise<Figure[]> {
  const database = await borrowEmbeddedPostgres({ dataFolder: path.join(folder, "data", "postgres") });
  const filled = path.join(folder, "uploads", "models", "filled");
  try {
    await fillModels(database.url, size.models);
    await fillFiles(filled, size);
    const list = `${server.url}/api/v1/models?limit=24`;
    const quiet = await answerTimes(list, sleep(QUIET_MS));
    const idleBytes = residentBytes(server.pid);
    const memory = watchMemory(server.pid);
    const first = makeBackup(server.url);
    const busy = await answerTimes(list, first);
    const peakBytes = memory.stop();
    const next = await makeBackup(server.url);
    const { seconds, databaseBytes } = await first;
    const of = `of ${size.models} models and ${(size.files * size.fileBytes) / 1e9} GB`;
    return [
      { name: `backup ${of}`, value: seconds, unit: "s" },
      { name: `backup ${of}, compressed dump`, value: databaseBytes / MEGABYTE, unit: "MB" },
      { name: `backup ${of}, memory beyond idle`, value: (peakBytes - idleBytes) / MEGABYTE, unit: "MB" },
      { name: `backup ${of}, the next one`, value: next.seconds, unit: "s" },
      ...[50, 99].flatMap((p): Figure[] => [
        { name: `list of models without a backup, p${p}`, value: percentile(quiet, p), unit: "ms" },
        { name: `list of models during a backup, p${p}`, value: percentile(busy, p), unit: "ms" },
      ]),
    ];
  } finally {
    await rm(filled, { recursive: true, force: true });
    await fillModels(database.url, 0);
    await database.dispose();
  }
}

/** Of bytes that no compression makes smaller. */
async function fillFiles(folder: string, { files, fileBytes }: typeof FULL): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let file = 0; file < files; file++) {
    await writeFile(path.join(folder, `${file}.glb`), randomBytes(fileBytes));
  }
}

/** Asks again and again, one request at a time, until `end` settles; milliseconds until the whole answer. */
async function answerTimes(url: string, end: Promise<unknown>): Promise<number[]> {
  let hasEnded = false;
  const ended = end.finally(() => {
    hasEnded = true;
  });
  ended.catch(() => undefined);
  const times: number[] = [];
  while (!hasEnded) {
    const startedAt = performance.now();
    const answer = await fetch(url);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
    times.push(performance.now() - startedAt);
  }
  await ended;
  return times;
}

async function makeBackup(origin: string): Promise<Backup> {
  await ask(origin, "create", { method: "POST", body: "{}" });
  for (;;) {
    const { current, last } = (await ask(origin, "status")) as BackupStatus;
    if (last && !current) {
      if (last.state !== "succeeded") throw new Error(`The backup ended as ${last.state}: ${last.error}`);
      const { items } = (await ask(origin, "list")) as BackupList;
      return items.find(({ filename }) => filename === last.filename) as Backup;
    }
    await sleep(POLL_MS);
  }
}

async function ask(origin: string, name: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(`${origin}/api/system/backup/${name}`, {
    ...init,
    headers: { "content-type": "application/json", "x-requested-with": "bench" },
  });
  if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
