import { randomBytes } from "node:crypto";
import { createClient } from "@redis/client";
import { findRedisServer } from "./find-redis-server.ts";
import { startRealRedis } from "./real-redis.ts";
import { startStandInRedis } from "./stand-in-redis.ts";

/** Something on loopback that speaks as Redis does. */
export interface Listener {
  /** What it is, for the output of the tests. */
  name: string;
  port: number;
  /** It is gone at once with all it held, as after a power cut. */
  stop(): Promise<void>;
  /** Comes again where it was, empty. */
  start(): Promise<void>;
  /** It takes what is sent and says nothing. */
  freeze(): void;
  thaw(): void;
  dispose(): Promise<void>;
}

export interface TestRedis extends Omit<Listener, "port"> {
  url: string;
  /** A command by its words, such as `FLUSHALL`. */
  send(...words: string[]): Promise<unknown>;
}

/** What the tests can be run with: the stand-in, and a real Redis where one can be had. */
export async function redisKinds(): Promise<{ name: string; start: () => Promise<TestRedis> }[]> {
  const program = await findRedisServer();
  const standIn = { name: "stand-in", start: () => begin(startStandInRedis) };
  if (!program) return [standIn];
  const real = () => begin((password) => startRealRedis(program, password));
  return [standIn, { name: `redis-server ${program.version}`, start: real }];
}

/** A real Redis where one can be had, else the stand-in; its `name` tells which. */
export const startTestRedis = async () => (await redisKinds()).at(-1)!.start();

async function begin(make: (password: string) => Promise<Listener>): Promise<TestRedis> {
  const password = randomBytes(12).toString("hex");
  const { port, ...listener } = await make(password);
  const url = `redis://:${password}@127.0.0.1:${port}`;
  return {
    ...listener,
    url,
    async send(...words) {
      const client = await createClient({
        url,
        RESP: 2,
        disableClientInfo: true,
        maintNotifications: "disabled",
      })
        .on("error", () => {})
        .connect();
      try {
        return await client.sendCommand(words);
      } finally {
        client.destroy();
      }
    },
  };
}
