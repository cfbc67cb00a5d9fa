import type { downloadGuarded } from "../assets/download.ts";
import type { ModelProcessor } from "../assets/glb.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";
import type { ProviderDirectory } from "../services/providers.ts";
import type { Storage } from "../storage/storage.ts";

/** What job handlers use. */
export interface JobDeps {
  records: Records;
  storage: Storage;
  queue: Queue;
  directory: ProviderDirectory;
  processor: ModelProcessor;
  logger: Logger;
  /** Fetches a result into a file, with all the guards. */
  download: (url: string, targetPath: string, signal: AbortSignal) => ReturnType<typeof downloadGuarded>;
  /** Aborts when the process stops: free work is given back, paid work is waited for. */
  stopping: AbortSignal;
}
