import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { freePort, type ServerProcess, startServer } from "../server-process.ts";

/** One of several servers with the same database and files, at the same address after every start. */
export interface Replica {
  name: string;
  /** Where it listens, such as `127.0.0.1:12345`. */
  address: string;
  url: string;
  /** Of the process that runs now; throws where none does. */
  pid(): number;
  start(): Promise<void>;
  /** Asks it to end, as an update does; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Everything that all its processes wrote. */
  log(): Promise<string>;
}

/** `settings` are asked for at every start. Its data lie in a folder of its own below `folder`. */
export async function makeReplica(
  name: string,
  folder: string,
  settings: () => Record<string, string>,
): Promise<Replica> {
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  let current: ServerProcess | null = null;
  return {
    name,
    address,
    url: `http://${address}`,
    pid() {
      if (!current) throw new Error(`${name} does not run.`);
      return current.pid;
    },
    async start() {
      current = await startServer(own, { ...settings(), PORT: String(port) });
    },
    async stop() {
      const code = (await current?.stop()) ?? null;
      current = null;
      return code;
    },
    async kill() {
      await current?.kill();
      current = null;
    },
    log: () => readFile(path.join(own, "server.log"), "utf8"),
  };
}
