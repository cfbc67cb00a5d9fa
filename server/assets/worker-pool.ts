import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { LocalizedText } from "../contract/common.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { hasCode, isDiskFull } from "../system-errors.ts";

const MAX_QUEUED_PER_THREAD = 64;
const IDLE_SECONDS = 30;
/** A tenth of V8's default: as fast here, and some 50 MB less a thread. */
const YOUNG_HEAP_MEGABYTES = 6;

/** An outcome that survives the way between threads, which turns every `Error` into a plain one. */
type Settled<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; detail: LocalizedText };

/** What every task carries besides its own input. */
export interface Task<Input> {
  input: Input;
  port: MessagePort;
}

/** The worker's side: runs the work, reports its start and whatever `tell` is called with. */
export async function serve<Input, Output, Message>(
  { input, port }: Task<Input>,
  work: (input: Input, tell: (message: Message) => void) => Promise<Output>,
): Promise<Settled<Output>> {
  port.postMessage({ started: true });
  try {
    return { ok: true, value: await work(input, (message) => port.postMessage({ message })) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, code: error.code, detail: error.detail };
    if (isDiskFull(error)) {
      return { ok: false, code: "disk-full", detail: new AppError("disk-full").detail };
    }
    throw error;
  } finally {
    port.close();
  }
}

interface RunOptions<Message> {
  /** Ends the work; the promise then rejects with its reason. */
  signal?: AbortSignal;
  onMessage?: (message: Message) => void;
  /** What to say of a worker that used up its time or memory. */
  onCrash: (cause: unknown) => AppError;
}

export interface WorkerPool<Input, Output, Message> {
  /**
   * @throws AppError the worker's own; `overloaded` where too much waits already, `shutting-down` after its end; what `onCrash` makes. The pool goes
   * on with a fresh worker.
   */
  run(input: Input, options: RunOptions<Message>): Promise<Output>;
  dispose(): Promise<void>;
}

/**
 * A bounded number of threads that run one module's `serve`; the first of them starts with the first work, as it
 * costs a third of a second and some 60 MB. The time limit counts from the start of the work.
 */
export function createWorkerPool<Input, Output, Message = never>(settings: {
  file: URL;
  threads: number;
  timeLimitSeconds: number;
  maxHeapMegabytes: number;
  /** How many may wait; default 64 a thread. */
  maxQueued?: number;
}): WorkerPool<Input, Output, Message> {
  const maxQueued = settings.maxQueued ?? settings.threads * MAX_QUEUED_PER_THREAD;
  const startThreads = () =>
    new Piscina<Task<Input>, Settled<Output>>({
      filename: settings.file.href,
      // With none kept, Piscina 5.3 forgets the queue when it ends the only worker.
      minThreads: 1,
      maxThreads: settings.threads,
      maxQueue: maxQueued,
      idleTimeout: IDLE_SECONDS * 1000,
      resourceLimits: {
        maxOldGenerationSizeMb: settings.maxHeapMegabytes,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MEGABYTES,
      },
    });
  let started: ReturnType<typeof startThreads> | undefined;
  let isDisposed = false;

  return {
    async run(input, { signal, onMessage, onCrash }) {
      signal?.throwIfAborted();
      if (isDisposed) throw new AppError("shutting-down");
      started ??= startThreads();
      const pool = started;
      if (pool.queueSize >= maxQueued) throw new AppError("overloaded");
      const { port1, port2 } = new MessageChannel();
      const timeLimit = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      const hear = (sent: { started?: true; message?: Message }) => {
        if (sent.started) timer = setTimeout(() => timeLimit.abort(), settings.timeLimitSeconds * 1000);
        else onMessage?.(sent.message as Message);
      };
      port1.on("message", hear);
      try {
        const settled = await pool.run(
          { input, port: port2 },
          {
            transferList: [port2],
            signal: signal ? AbortSignal.any([signal, timeLimit.signal]) : timeLimit.signal,
          },
        );
        // The answer travels on a port of its own and may overtake the last messages.
        for (let rest = receiveMessageOnPort(port1); rest; rest = receiveMessageOnPort(port1))
          hear(rest.message);
        if (settled.ok) return settled.value;
        throw new AppError(settled.code, { detail: settled.detail });
      } catch (error) {
        signal?.throwIfAborted();
        const isCrash = timeLimit.signal.aborted || hasCode(error, "ERR_WORKER_OUT_OF_MEMORY");
        throw isCrash ? onCrash(error) : error;
      } finally {
        clearTimeout(timer);
        port1.close();
      }
    },
    async dispose() {
      isDisposed = true;
      await started?.destroy();
    },
  };
}
