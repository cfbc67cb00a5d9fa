import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backup, BackupList, BackupRun, BackupStatus } from "../../server/contract/backup.ts";
import type { TestApp } from "./app.ts";

const BASE = "/api/system/backup";
const PATIENCE_MS = 300_000;

interface Asker {
  request(path: string, init?: RequestInit): Promise<Response>;
}

async function answerOf<T>(asker: Asker, path: string, init?: RequestInit, status = 200): Promise<T> {
  const answer = await asker.request(BASE + path, init);
  assert.equal(answer.status, status, await answer.clone().text());
  return (await answer.json()) as T;
}

export const backupStatus = (asker: Asker) => answerOf<BackupStatus>(asker, "/status");
export const listBackups = async (asker: Asker): Promise<Backup[]> =>
  (await answerOf<BackupList>(asker, "/list")).items;

export const postBackup = (asker: Asker, path: string, body?: unknown) =>
  asker.request(BASE + path, {
    method: "POST",
    ...(body !== undefined && {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  });

/** Waits until this holds of the status. */
export async function untilStatus(
  asker: Asker,
  holds: (status: BackupStatus) => boolean,
): Promise<BackupStatus> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(50)) {
    const status = await backupStatus(asker);
    if (holds(status)) return status;
    if (performance.now() > deadline) assert.fail(`Not in time: ${JSON.stringify(status)}`);
  }
}

/** Begins a run and gives it as it ended. */
export async function runToEnd(asker: Asker, path: string, body?: unknown): Promise<BackupRun> {
  const answer = await postBackup(asker, path, body);
  assert.equal(answer.status, 202, await answer.clone().text());
  const { id } = (await answer.json()) as BackupRun;
  return (await untilStatus(asker, ({ last }) => last?.id === id)).last!;
}

/** Puts a file into the store as if it had been uploaded. */
export async function putStored(app: Pick<TestApp, "uploads">, key: string, content: Uint8Array | string) {
  const file = path.join(app.uploads, key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
