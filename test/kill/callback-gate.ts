import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "./exchange.ts";
import type { Marksman } from "./marksman.ts";
import type { PendingCalls } from "./pending-calls.ts";
import type { Replica } from "./replica.ts";

/** Of the calls that met a dying server so many are repeated, as senders do; the others are lost for ever. */
const REPEATED_SHARE = 0.7;
const REPEAT_MS = 700;
const TRIES = 20;
/** A server is killed at most so long after it got a call: in every state of its handling. */
const HANDLING_MS = 12;

/** Of calls about work that goes on anyway so many are worth a kill; the others leave it to calls about lost answers. */
const PLAIN_SHARE = 0.2;

interface CallbackGateOptions {
  marksman: Marksman;
  replicas: readonly Replica[];
  pending: PendingCalls;
  /** Whether the answer to this attempt is known to be lost. */
  isLost(nonce: string): Promise<boolean>;
}

/** The public address of both servers: takes the fake's calls and hands each to a server that is up. */
export async function startCallbackGate({
  marksman,
  replicas,
  pending,
  isLost,
}: CallbackGateOptions): Promise<Gate> {
  const server = http.createServer(async (request, response) => {
    const body = await buffer(request);
    void deliver(request.url!, body);
    response.writeHead(202).end();
  });
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  function deliver(path: string, body: Buffer): Promise<void> {
    const delivery = pending
      .during(path, () => tryToDeliver(path, body))
      .finally(() => running.delete(delivery));
    running.add(delivery);
    return delivery;
  }

  async function tryToDeliver(path: string, body: Buffer): Promise<void> {
    for (let tries = 0; tries < TRIES && !stop.signal.aborted; tries++) {
      const up = replicas.filter(({ current }) => current);
      const replica = up[Math.floor(Math.random() * up.length)];
      if (replica && (await handOver(replica, path, body))) return;
      if (replica && Math.random() > REPEATED_SHARE) return;
      await sleep(REPEAT_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function handOver(replica: Replica, path: string, body: Buffer): Promise<boolean> {
    const isWorthIt =
      marksman.isArmed("callback arrives", "after callback") &&
      ((await isLost(path.split("/").at(-1)!)) || Math.random() < PLAIN_SHARE);
    if (!replica.current) return false;
    const headers = { "content-type": "application/json" };
    const answer = fetch(replica.current.url + path, { method: "POST", headers, body: new Uint8Array(body) })
      .then((response) => response.ok)
      .catch(() => false);
    if (isWorthIt && marksman.isArmed("callback arrives")) {
      await sleep(Math.random() * HANDLING_MS);
      marksman.shoot("callback arrives", replica, {});
    }
    const isTaken = await answer;
    if (isTaken && isWorthIt) marksman.shoot("after callback", replica, {});
    return isTaken;
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async dispose() {
      stop.abort();
      server.close();
      server.closeAllConnections();
      await Promise.all(running);
      await once(server, "close");
    },
  };
}
