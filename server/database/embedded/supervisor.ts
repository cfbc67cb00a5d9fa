import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../logger.ts";
import type { Cluster } from "./cluster.ts";
import { findRunningServer, type ServerProcess, stopServer } from "./server-process.ts";
import { startServer } from "./start-server.ts";
import { setWatchdog, type Watchdog } from "./watchdog.ts";

const LONGEST_PAUSE_MS = 10_000;

/** Keeps one PostgreSQL server running on a cluster until it is disposed, always on the same port. */
export class Supervisor {
  readonly #cluster: Cluster;
  readonly #durable: boolean;
  readonly #logger: Logger;
  #server: ServerProcess | undefined;
  #watchdog: Watchdog | undefined;
  #watching: Promise<void> | undefined;
  #disposed = false;

  constructor(cluster: Cluster, durable: boolean, logger: Logger) {
    this.#cluster = cluster;
    this.#durable = durable;
    this.#logger = logger;
  }

  /** Takes over the server that a killed process left running, or starts one. */
  async start(): Promise<{ port: number; adopted: boolean }> {
    const running = await findRunningServer(this.#cluster);
    const server = running ?? (await startServer(this.#cluster, { durable: this.#durable }));
    this.#keep(server);
    this.#watching = this.#watch();
    return { port: server.port, adopted: running !== null };
  }

  #keep(server: ServerProcess): void {
    this.#server = server;
    this.#watchdog = setWatchdog(this.#cluster, server.pid);
  }

  async #watch(): Promise<void> {
    while (this.#server) {
      const { port, exited } = this.#server;
      await exited;
      this.#server = undefined;
      if (this.#disposed) return;
      this.#logger.warn("The built-in PostgreSQL stopped; starting it again.");
      await this.#watchdog?.dismiss();
      await this.#restart(port);
    }
  }

  async #restart(port: number): Promise<void> {
    for (let pauseMs = 250; !this.#disposed; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#keep(await startServer(this.#cluster, { port, durable: this.#durable }));
        this.#logger.info("The built-in PostgreSQL runs again.", { port });
        return;
      } catch (error) {
        this.#logger.error("The built-in PostgreSQL could not be started again; trying on.", {
          error,
          pauseMs,
        });
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  }

  /** Stops the server. After this no process of it is left. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    // The server's and the watchdog's handles don't keep this process alive, but their end is awaited here.
    const awake = setInterval(() => {}, 1_000);
    try {
      while (this.#server === undefined && this.#watching) {
        // A restart under way ends with a server, or sees the flag.
        if (await Promise.race([this.#watching.then(() => true), sleep(20, false)])) break;
      }
      if (this.#server) await stopServer(this.#cluster, this.#server);
      await this.#watching;
      await this.#watchdog?.dismiss();
    } finally {
      clearInterval(awake);
    }
  }
}
