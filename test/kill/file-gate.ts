import { setTimeout as sleep } from "node:timers/promises";
import { type Gate, startGate } from "./exchange.ts";
import type { Marksman } from "./marksman.ts";
import type { Replica } from "./replica.ts";

const READ_MS = 30;

/** Stands before the fake's file host and kills who fetches a file when half of it has arrived. */
export function startFileGate(
  marksman: Marksman,
  targetUrl: string,
  workerOf: (remoteId: string) => Promise<Replica | undefined>,
): Promise<Gate> {
  return startGate(targetUrl, async ({ client, path, forward }) => {
    const remoteId = /(\d+)\.glb/.exec(path)?.[1];
    const answer = await forward();
    if (!remoteId || !marksman.isArmed("mid download")) return void client.end(answer);
    client.write(answer.subarray(0, answer.length >> 1));
    const [worker] = await Promise.all([workerOf(remoteId), sleep(READ_MS)]);
    if (marksman.shoot("mid download", worker, { remoteId })) return void client.destroy();
    client.end(answer.subarray(answer.length >> 1));
  });
}
