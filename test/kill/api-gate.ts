import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Gate, type GateCall, startGate } from "./exchange.ts";
import type { Marksman } from "./marksman.ts";
import type { Replica } from "./replica.ts";

/** Long enough for the other side to read what was sent. */
const READ_MS = 30;
const JOURNAL_MS = 10_000;

interface ApiGateOptions {
  marksman: Marksman;
  replica: Replica;
  /** Told of an id that the server did not get to know. */
  onLostAnswer(remoteId: string): void;
}

/** Stands between one replica and the fake's API, and kills it in the middle of an exchange. */
export function startApiGate(
  { marksman, replica, onLostAnswer }: ApiGateOptions,
  targetUrl: string,
): Promise<Gate> {
  return startGate(targetUrl, async (call) => {
    const { generation } = replica;
    // What a process sent that was killed meanwhile did not leave its machine.
    const wasUp = replica.current !== null;
    const isDead = () => replica.generation !== generation || (wasUp && replica.current === null);
    const guarded: GateCall = {
      ...call,
      async forward(...rest) {
        if (isDead()) throw new Error("The sender is dead.");
        return call.forward(...rest);
      },
    };
    const isCreate = call.head.startsWith("POST ") && call.path.includes("/networks/");
    const lost = isCreate && (await passCreate(guarded, marksman, replica));
    if (lost) onLostAnswer(lost);
    if (!isCreate) await passOther(guarded, marksman, replica);
  });
}

/** Answers the id of an answer that got lost. */
async function passCreate(call: GateCall, marksman: Marksman, replica: Replica): Promise<string | null> {
  const { client, bytes, headBytes } = call;
  const drop = (remoteId: string | null) => {
    client.destroy();
    return remoteId;
  };
  if (marksman.shoot("before POST", replica, {})) return drop(null);
  let answer: Buffer;
  if (marksman.isArmed("POST in flight")) {
    const upstream = await call.connect();
    const half = headBytes + ((bytes.length - headBytes) >> 1);
    upstream.write(bytes.subarray(0, half));
    await sleep(READ_MS);
    if (marksman.shoot("POST in flight", replica, {})) {
      upstream.destroy();
      return drop(null);
    }
    answer = await call.forward(upstream, bytes.subarray(half));
  } else {
    answer = await call.forward();
  }
  const remoteId = /"request_id": *"?(\d+)/.exec(answer.toString("latin1"))?.[1] ?? null;
  if (marksman.isArmed("after answer, before save")) {
    // Every second time the answer is on its way to the server when it dies.
    const isSent = replica.current !== null && Math.random() < 0.5 && client.write(answer);
    const target = { remoteId: remoteId ?? undefined };
    if (marksman.shoot("after answer, before save", replica, target)) return drop(remoteId);
    if (isSent) {
      client.end();
      return null;
    }
  }
  if (remoteId && marksman.isArmed("answer only in the journal")) {
    await journalAndShoot(marksman, replica, remoteId, () => client.end(answer));
    return null;
  }
  client.end(answer);
  return null;
}

/** The database is away for this server when the answer comes; it dies as soon as the answer is on the disk. */
async function journalAndShoot(
  marksman: Marksman,
  replica: Replica,
  remoteId: string,
  answer: () => void,
): Promise<void> {
  const journal = path.join(replica.folder, "data", "answers");
  replica.database.cut();
  try {
    answer();
    for (const deadline = Date.now() + JOURNAL_MS; Date.now() < deadline && replica.current; await sleep(5)) {
      if (!(await isJournaled(journal, remoteId))) continue;
      marksman.shoot("answer only in the journal", replica, { remoteId });
      return;
    }
  } finally {
    replica.database.heal();
  }
}

/** Whether all of the answer is in its file, which has its name before; only a power cut could take it away then. */
async function isJournaled(journal: string, remoteId: string): Promise<boolean> {
  const names = await readdir(journal).catch(() => [] as string[]);
  const texts = await Promise.all(
    names.map((name) => readFile(path.join(journal, name), "utf8").catch(() => "")),
  );
  return texts.some((text) => {
    try {
      return JSON.parse(text).remoteId === remoteId;
    } catch {
      return false;
    }
  });
}

async function passOther(call: GateCall, marksman: Marksman, replica: Replica): Promise<void> {
  const remoteId = /\/request\/get\/(\d+)/.exec(call.path)?.[1];
  if (remoteId && marksman.shoot("while polling", replica, { remoteId })) return void call.client.destroy();
  call.client.end(await call.forward());
}
