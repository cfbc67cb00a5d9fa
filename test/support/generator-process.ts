import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "./child-processes.ts";
import { processesOf } from "./embedded-postgres.ts";

const MAIN = path.resolve(import.meta.dirname, "../../server/providers/local/child/main.ts");

/**
 * Stops the local generator of the process `server` as soon as it runs its own program, and answers its id.
 * A child that is stopped before that holds up its parent: `spawn` waits for the change of programs.
 */
export async function holdGenerator(server: number): Promise<number> {
  for (;;) {
    const generators = processesOf(MAIN);
    const generator = childrenOf(server).find((pid) => generators.includes(pid));
    if (generator) {
      process.kill(generator, "SIGSTOP");
      return generator;
    }
    await sleep(10);
  }
}
