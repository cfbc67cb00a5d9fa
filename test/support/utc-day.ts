import { setTimeout as sleep } from "node:timers/promises";

const DAY_MS = 86_400_000;
const ROOM_MS = 240_000;

/** Waits for midnight (UTC) where it is near: what is counted by the day must not fall into two days. */
export async function roomInTheDay(): Promise<void> {
  const leftMs = DAY_MS - (Date.now() % DAY_MS);
  if (leftMs < ROOM_MS) await sleep(leftMs + 1000);
}
