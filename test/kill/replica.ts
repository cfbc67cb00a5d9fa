import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type ServerProcess, startServer } from "../support/server-process.ts";

/** One server process that is started again whenever it is killed. */
export class Replica {
  current: ServerProcess | null = null;
  starts: number[] = [];
  readonly name: string;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  #restart: Promise<unknown> = Promise.resolve();

  constructor(name: string, folder: string, settings: Record<string, string>) {
    this.name = name;
    this.#folder = path.join(folder, name);
    this.#settings = settings;
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.current = await startServer(this.#folder, this.#settings);
    this.starts.push(this.current.startMs);
  }

  /** Kills at once; resolves with the time (`performance.now()`) at which it is ready again. */
  killAndRestart(): Promise<number> {
    const killed = this.current!;
    this.current = null;
    const ended = killed.kill();
    const again = (async () => {
      await ended;
      await this.start();
      return performance.now();
    })();
    this.#restart = again;
    again.catch(() => undefined);
    return again;
  }

  /** Waits for a restart that runs; throws when it failed. */
  async settled(): Promise<void> {
    await this.#restart;
  }

  async stop(): Promise<void> {
    await this.#restart.catch(() => undefined);
    await this.current?.stop();
    this.current = null;
  }
}
