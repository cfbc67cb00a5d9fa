import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { freePort } from "../server-process.ts";
import { readCommands } from "./resp.ts";
import type { Listener } from "./test-redis.ts";

const OK = "+OK\r\n";
const INFO =
  "redis_version:7.0.0\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nmaxmemory:0\r\nmaxmemory_human:0B\r\n";
const bulk = (text: string | undefined) =>
  text === undefined ? "$-1\r\n" : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

const list = (items: string[]) => `*${items.length}\r\n${items.join("")}`;

const SIGNS: Record<string, string> = { "*": ".*", "?": "." };

/** What a pattern of Redis means, without its lists of characters. */
const globOf = (pattern: string) =>
  new RegExp(
    `^${pattern.replace(/\\(.)|[^\w]/gsu, (sign, quoted) => SIGNS[sign] ?? `\\x${hex(quoted ?? sign)}`)}$`,
    "s",
  );

const hex = (sign: string) => sign.charCodeAt(0).toString(16).padStart(2, "0");

/** Speaks those commands of Redis that the product uses, for machines without one. Source: redis.io/commands */
export async function startStandInRedis(password: string): Promise<Listener> {
  const values = new Map<string, { text: string; until: number }>();
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let isFrozen = false;
  let isFull = false;
  let server: Server;

  function read(key: string): string | undefined {
    const found = values.get(key);
    return found && found.until > performance.now() ? found.text : undefined;
  }

  function answer([name, ...args]: string[]): string {
    switch (name.toUpperCase()) {
      case "PING":
        return "+PONG\r\n";
      case "SELECT":
        return OK;
      case "GET":
        return bulk(read(args[0]));
      case "MGET":
        return list(args.map((key) => bulk(read(key))));
      case "SCAN": {
        const isMeant = globOf(args[args.findIndex((word) => word.toUpperCase() === "MATCH") + 1]);
        const keys = [...values.keys()].filter((key) => read(key) !== undefined && isMeant.test(key));
        return list([bulk("0"), list(keys.map(bulk))]);
      }
      case "DBSIZE":
        return `:${values.size}\r\n`;
      case "SET": {
        if (isFull) return "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
        const [key, text, unit, seconds] = args;
        if (unit !== "EX") return "-ERR syntax error\r\n";
        values.set(key, { text, until: performance.now() + Number(seconds) * 1000 });
        return OK;
      }
      case "TTL": {
        const left = (values.get(args[0])?.until ?? 0) - performance.now();
        return `:${left > 0 ? Math.ceil(left / 1000) : -2}\r\n`;
      }
      case "DEL":
        return `:${args.filter((key) => values.delete(key)).length}\r\n`;
      case "FLUSHALL":
        values.clear();
        return OK;
      case "CONFIG":
        isFull = args[2] !== "0";
        return OK;
      case "INFO":
        return bulk(INFO);
      default:
        return `-ERR unknown command '${name}'\r\n`;
    }
  }

  function serve(socket: Socket): void {
    let isKnown = false;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    readCommands(socket, (command) => {
      const reply = () => {
        if (command[0].toUpperCase() === "AUTH") {
          isKnown = command.at(-1) === password;
          socket.write(isKnown ? OK : "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
        } else socket.write(isKnown ? answer(command) : "-NOAUTH Authentication required.\r\n");
      };
      if (isFrozen) held.push(reply);
      else reply();
    });
  }

  const thaw = () => {
    isFrozen = false;
    for (const reply of held.splice(0)) reply();
  };
  async function listen(port: number): Promise<void> {
    server = createServer(serve).listen(port, "127.0.0.1");
    await once(server, "listening");
  }
  async function stop(): Promise<void> {
    thaw();
    values.clear();
    isFull = false;
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  const port = await freePort();
  await listen(port);
  return {
    name: "the stand-in for Redis",
    port,
    stop,
    start: () => listen(port),
    freeze() {
      isFrozen = true;
    },
    thaw,
    dispose: stop,
  };
}
