import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { type DatabaseGate, startDatabaseGate } from "./database-gate.ts";

/** A stretch of time in which a server was ready, Unix milliseconds; `to` is Infinity while it is. */
interface Span {
  from: number;
  to: number;
}

/** One server process that is started again whenever it is killed. It reaches the database through a gate of its own. */
export class Replica {
  readonly name: string;
  readonly folder: string;
  readonly database: DatabaseGate;
  /** What the process must know beside its database. */
  readonly settings: Record<string, string> = {};
  current: ServerProcess | null = null;
  /** Counts the processes that were spawned. */
  generation = 0;
  readonly startsMs: number[] = [];
  readonly up: Span[] = [];
  /** Sentences about processes that ended although nobody killed them. */
  readonly deaths: string[] = [];
  /** The process that was spawned last; it may not be ready yet. */
  #child: ChildProcess | null = null;
  readonly #meantToEnd = new Set<ChildProcess>();
  #restart: Promise<unknown> = Promise.resolve();

  private constructor(name: string, folder: string, database: DatabaseGate) {
    this.name = name;
    this.folder = folder;
    this.database = database;
  }

  static async create(name: string, folder: string, databaseUrl: string): Promise<Replica> {
    const own = path.join(folder, name);
    await mkdir(own, { recursive: true });
    return new Replica(name, own, await startDatabaseGate(databaseUrl));
  }

  /** The name under which the present process writes into the database. */
  get writer(): string {
    return `${this.name}${this.generation}`;
  }

  /** `onSpawn` is called when there is a process, long before it is ready. */
  async start(onSpawn: () => void = () => {}): Promise<void> {
    this.generation += 1;
    const { writer } = this;
    const span: Span = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    const settings = { ...this.settings, DATABASE_URL: `${this.database.url}?application_name=${writer}` };
    const server = await startServer(this.folder, settings, (child) => {
      this.#child = child;
      child.once("exit", (code, signal) => {
        span.to = Math.min(span.to, Date.now());
        if (!this.#meantToEnd.has(child)) this.deaths.push(`${writer} ended by itself: ${signal ?? code}`);
      });
      onSpawn();
    });
    if (this.#meantToEnd.has(server.child)) return;
    span.from = Date.now();
    this.up.push(span);
    this.startsMs.push(server.startMs);
    this.current = server;
  }

  /**
   * Kills at once and starts again; resolves with the time at which it is ready. With `againAfterMs` the first new
   * process is killed so long after its spawn.
   */
  killAndRestart({ againAfterMs }: { againAfterMs?: number } = {}): Promise<number> {
    const ended = this.#kill();
    const again = (async () => {
      await ended;
      if (againAfterMs !== undefined) await this.#startInVain(againAfterMs);
      await this.start();
      return Date.now();
    })();
    this.#restart = again;
    again.catch(() => undefined);
    return again;
  }

  async #kill(): Promise<void> {
    const child = this.#child!;
    this.current = null;
    this.#meantToEnd.add(child);
    child.kill("SIGKILL");
    const span = this.up.at(-1);
    if (span) span.to = Math.min(span.to, Date.now());
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  async #startInVain(killAfterMs: number): Promise<void> {
    const spawned = Promise.withResolvers<void>();
    const started = this.start(spawned.resolve).catch(() => undefined);
    // Until then the process that was killed before is the last one.
    await Promise.race([spawned.promise, started]);
    await sleep(killAfterMs);
    await this.#kill();
    await started;
  }

  /** The end of what the servers wrote. */
  async log(characters: number): Promise<string> {
    return (await readFile(path.join(this.folder, "server.log"), "utf8")).slice(-characters);
  }

  /** Waits for a restart that runs; throws when it failed. */
  async settled(): Promise<void> {
    await this.#restart;
  }

  async stop(): Promise<void> {
    await this.#restart.catch(() => undefined);
    const { current } = this;
    this.current = null;
    if (!current) return;
    this.#meantToEnd.add(current.child);
    await current.stop();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.database.dispose();
  }
}
