import type { Logger } from "../../logger.ts";
import type { SystemState } from "./system-state.ts";

interface Deps {
  switches: Pick<SystemState, "get" | "watch">;
  /** Forgets all that is remembered of rows. */
  forget: () => Promise<unknown>;
  logger: Pick<Logger, "warn">;
}

/** What this process remembers of rows ends when other rows have taken their place. */
export function followRestores({ switches, forget, logger }: Deps): { dispose(): void } {
  const inPlace = () => {
    const restore = switches.get("restore");
    return restore?.state === "restored" ? restore.at : null;
  };
  let before = inPlace();
  return {
    dispose: switches.watch(() => {
      const now = inPlace();
      if (now === before) return;
      before = now;
      forget().catch((error) => logger.warn("What was remembered could not be forgotten", { error }));
    }),
  };
}
