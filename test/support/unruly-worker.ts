import { setTimeout } from "node:timers/promises";
import { serve, type Task } from "../../server/assets/worker-pool.ts";
import { AppError } from "../../server/errors.ts";

export type Behaviour = "echo" | "hang" | "wait" | "eat-memory" | "app-error" | "bug" | "no-space";

/** A worker that does what a test tells it to. */
export default (task: Task<Behaviour>) =>
  serve(task, async (behaviour, tell: (message: string) => void): Promise<string> => {
    tell(`doing ${behaviour}`);
    if (behaviour === "hang") for (;;);
    if (behaviour === "wait") await setTimeout(600_000);
    if (behaviour === "eat-memory") {
      const hoard: object[] = [];
      for (;;) hoard.push({ more: Array.from({ length: 1000 }, () => ({})) });
    }
    if (behaviour === "app-error")
      throw new AppError("model-invalid", { detail: { en: "odd", ru: "странно" } });
    if (behaviour === "bug") throw new TypeError("a bug");
    if (behaviour === "no-space") throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    return behaviour;
  });
