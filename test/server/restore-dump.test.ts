import assert from "node:assert/strict";
import { readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, it } from "node:test";
import { fetchDatabaseDump } from "../../server/backup/fetch-dump.ts";
import { readManifest } from "../../server/backup/read-backup.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { until } from "../support/until.ts";

const { signal } = new AbortController();

let there: SmallInstallation;
before(async () => {
  there = await makeSmallInstallation();
});
after(() => there.dispose());

/** Files of a folder that this process has open. */
async function openIn(folder: string): Promise<string[]> {
  const ids = await readdir("/proc/self/fd");
  const targets = await Promise.all(ids.map((id) => readlink(`/proc/self/fd/${id}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(folder));
}

it("is opened by whoever reads it: one that nobody reads leaves neither a file nor anything open", async () => {
  const folder = path.join(there.uploads, "../dumps");
  const manifest = await readManifest(there.target, await there.backUp());
  const fetched = () => fetchDatabaseDump({ target: there.target, manifest, folder, signal });
  assert.match(await text(await fetched()), /CREATE TABLE/);
  const unread = await fetched();
  unread.destroy();
  await until("its file is gone", async () => (await readdir(folder)).length === 0);
  if (process.platform === "linux") assert.deepEqual(await openIn(folder), []);
});
