import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson } from "./layout.mjs";

const HEARTBEAT_MS = 2_000;
const ABANDONED_AFTER_MS = 60_000;

/**
 * Runs `work()` while holding the lock file; waits (and calls `onWait(pid)` once) while another live process
 * holds it. The lock goes with the work, also when it throws; one whose process is gone, or that has not been
 * touched for a minute, is taken over.
 */
export async function withLock(file, onWait, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let waiting = false;
  while (!create(file)) {
    const holder = inspect(file);
    if (holder?.abandoned && takeAway(file, holder)) continue;
    if (!waiting && holder?.pid && !holder.abandoned) {
      onWait(holder.pid);
      waiting = true;
    }
    await sleep(200);
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    fs.rmSync(file, { force: true });
  }
}

function create(file) {
  try {
    const content = { pid: process.pid, host: os.hostname(), since: Date.now() };
    fs.writeFileSync(file, JSON.stringify(content), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function inspect(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return null;
  const content = readJson(file) ?? {};
  const dead = content.host === os.hostname() && !isAlive(content.pid);
  return { ...content, abandoned: dead || Date.now() - stat.mtimeMs > ABANDONED_AFTER_MS };
}

/**
 * Removes an abandoned lock; false where another process is just doing so. One at a time, and only after another look:
 * by then the lock may be a fresh one of somebody else, who must not lose it.
 */
function takeAway(file, holder) {
  const turn = `${file}.abandoned`;
  if (!create(turn)) {
    if (inspect(turn)?.abandoned) fs.rmSync(turn, { force: true });
    return false;
  }
  try {
    const found = inspect(file);
    if (found?.abandoned && found.pid === holder.pid && found.since === holder.since)
      fs.rmSync(file, { force: true });
    return true;
  } finally {
    fs.rmSync(turn, { force: true });
  }
}

function touch(file) {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
