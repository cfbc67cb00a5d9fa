import path from "node:path";
import { ERROR_TABLE, type ErrorCode } from "../../error-table.ts";
import { ENGLISH } from "../../error-texts/en.ts";
import type { Provider, SubmitOutcome } from "../provider.ts";
import { type ChildLimits, type ChildOutcome, runChild } from "./child/run-child.ts";
import { parseLocalParams } from "./local-params.ts";
import { createSlots } from "./slots.ts";

/** More than this at once would starve the server on a small machine. */
const MAX_CONCURRENCY = 2;

/** The limits are those of one child process. */
export interface LocalProviderOptions extends ChildLimits {
  /** Generations at once, one or two. */
  concurrency: number;
}

/** Makes models on this machine, offline and free, each in a child process of its own. */
export function createLocalProvider(options: LocalProviderOptions): Provider {
  const concurrency = Math.max(1, Math.min(MAX_CONCURRENCY, Math.floor(options.concurrency)));
  const slots = createSlots(concurrency);
  const disposal = new AbortController();
  const running = new Set<Promise<ChildOutcome>>();
  const shuttingDown = refusal("shutting-down", ENGLISH["shutting-down"].detail);
  /** Null where the disposal, not the caller, stopped the run. */
  const refuseAfterDisposal = (reason: unknown): null => {
    if (reason === disposal.signal.reason) return null;
    throw reason;
  };

  return {
    id: "local",
    concurrency,
    isOpen: true,
    isFree: true,

    async submit(input, hooks) {
      const params = parseLocalParams(input.params);
      if (params === null) return refusal("invalid-params", ENGLISH["invalid-params"].detail);
      const outputPath = path.join(input.workspace, "model.glb");
      const signal = AbortSignal.any([hooks.signal, disposal.signal]);
      const release = await slots.take(signal).catch(refuseAfterDisposal);
      if (release === null) return shuttingDown;
      const run = runChild({ kind: "generate", photoPath: input.photo.path, outputPath, params }, options, {
        signal,
        onProgress: hooks.onProgress,
      });
      running.add(run);
      try {
        const outcome = await run.catch(refuseAfterDisposal);
        return outcome === null ? shuttingDown : outcomeOf(outcome, outputPath);
      } finally {
        running.delete(run);
        release();
      }
    },

    async poll() {
      const message = "The local generator finishes within its submit; there is nothing to ask for.";
      return { kind: "failed", code: "generator-crashed", message, retryable: true, costRoubles: 0 };
    },

    async balance() {
      return null;
    },

    async check() {
      return null;
    },

    async dispose() {
      disposal.abort(new Error("The local generator was shut down."));
      await Promise.allSettled(running);
    },
  };
}

function refusal(code: ErrorCode, message: string): SubmitOutcome {
  return { kind: "refused", code, message, retryable: ERROR_TABLE[code].retryable };
}

function outcomeOf(outcome: ChildOutcome, outputPath: string): SubmitOutcome {
  switch (outcome.kind) {
    case "generated":
      return {
        kind: "finished",
        remoteId: null,
        result: {
          location: { kind: "file", path: outputPath },
          costRoubles: null,
          report: outcome.report,
        },
      };
    case "failed":
      return refusal(
        outcome.code in ERROR_TABLE ? (outcome.code as ErrorCode) : "generator-crashed",
        outcome.message,
      );
    case "timeout":
      return refusal("generation-timeout", "The local generator took too long and was stopped.");
    case "out-of-memory": {
      const megabytes = Math.round(outcome.rssBytes / 2 ** 20);
      return refusal("generator-crashed", `The local generator was stopped at ${megabytes} MB of memory.`);
    }
    case "crashed":
      return refusal("generator-crashed", outcome.message);
    case "cut-out":
      return refusal("generator-crashed", "The local generator answered another question.");
  }
}
