import { type JobWithMetadata, PgBoss } from "pg-boss";
import type { Transaction } from "sequelize";
import { clientOptions, HeardClient, PATIENCE } from "../database/connect.ts";
import type { Logger } from "../logger.ts";
import { JOB_EXPIRY_SECONDS, JOB_RETRY_LIMIT, type JobName, type JobPayloads } from "./catalogue.ts";

interface EnqueueOptions {
  /** Without it the job is there at once, whatever becomes of the caller's transaction. */
  transaction?: Transaction;
  delaySeconds?: number;
}

interface WorkOptions {
  concurrency: number;
  /** Longest wait before a delayed job is seen, seconds; at least 0.5. */
  pollSeconds: number;
}

/** `isLastTry` tells that a throw will not be tried again. */
export type JobHandler<N extends JobName> = (payload: JobPayloads[N], isLastTry: boolean) => Promise<void>;

/** Jobs in Postgres (pg-boss). One waiting job per name and generation; asking twice is harmless. */
export interface Queue {
  enqueue<N extends JobName>(name: N, payload: JobPayloads[N], options?: EnqueueOptions): Promise<void>;
  /** Many at once, in one statement. */
  enqueueAll<N extends JobName>(name: N, payloads: JobPayloads[N][]): Promise<void>;
  /** Jobs that were put off, and would come within `seconds`, come now. */
  bringForward(seconds: number): Promise<void>;
  work<N extends JobName>(name: N, options: WorkOptions, handler: JobHandler<N>): Promise<void>;
  /** Jobs that wait or run, all names together. */
  depth(): Promise<number>;
  /** Stops taking jobs and waits for those that run, at most `seconds`. */
  dispose(seconds: number): Promise<void>;
}

/** Each asks the database for jobs by itself. */
const MAX_LANES = 8;

type PgConnection = { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

/** Lets pg-boss write through the connection of a Sequelize transaction. */
const inTransaction = (transaction: Transaction) => {
  const { connection } = transaction as unknown as { connection: PgConnection };
  return { executeSql: (text: string, values?: unknown[]) => connection.query(text, values) };
};

/** Whether `error` says nothing but that the process stops. */
const isHandedBack = (error: unknown, stopping?: AbortSignal): boolean =>
  stopping?.aborted === true &&
  (error === stopping.reason || (error instanceof Error && error.name === "AbortError"));

interface QueueOptions {
  url: string;
  logger: Logger;
  /** Aborts when the process stops: a job that ends for that reason is handed back, and no failure. */
  stopping?: AbortSignal;
  /** Whether this process looks after the queue itself: lost jobs, old ones, figures. Default: yes. */
  supervises?: boolean;
}

export async function startQueue(options: QueueOptions): Promise<Queue> {
  const { user, password, host, port, database, ssl } = clientOptions(options.url);
  // Handed on to the pool of pg-boss.
  const poolOptions = { ...PATIENCE, Client: HeardClient };
  const boss = new PgBoss({
    ...poolOptions,
    user,
    password: password as string,
    host,
    port,
    database,
    ssl,
    application_name: "photo-to-3d queue",
    max: 4,
    schema: "jobs",
    useListenNotify: true,
    schedule: false,
    supervise: options.supervises ?? true,
  });
  boss.on("error", (error) => options.logger.warn("The queue met an error", { error }));
  await boss.start();
  for (const [name, expireInSeconds] of Object.entries(JOB_EXPIRY_SECONDS)) {
    const settings = {
      expireInSeconds,
      retryLimit: JOB_RETRY_LIMIT,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
      deleteAfterSeconds: 3600,
      notify: true,
    };
    await boss.createQueue(name, { ...settings, policy: "short" });
    await boss.updateQueue(name, settings);
  }
  return {
    async enqueue(name, payload, { transaction, delaySeconds = 0 } = {}) {
      await boss.send(name, payload, {
        singletonKey: payload.generationId,
        startAfter: delaySeconds,
        ...(transaction && { db: inTransaction(transaction) }),
      });
    },
    async enqueueAll(name, payloads) {
      const jobs = payloads.map((data) => ({ data, singletonKey: data.generationId }));
      if (jobs.length > 0) await boss.insert(name, jobs);
    },
    async bringForward(seconds) {
      await boss.getDb().executeSql(
        `UPDATE jobs.job SET start_after = now()
            WHERE state = 'created' AND start_after > now() AND start_after <= now() + make_interval(secs => $1)`,
        [seconds],
      );
    },
    async work(name, { concurrency, pollSeconds }, handler) {
      type Payload = Parameters<typeof handler>[0];
      const run = async (job: JobWithMetadata<Payload>) => {
        try {
          await handler(job.data, job.retryCount >= job.retryLimit);
          return { id: job.id, status: "completed" as const };
        } catch (error) {
          const about = { job: name, generationId: job.data.generationId };
          if (isHandedBack(error, options.stopping)) {
            options.logger.info("The process stops; its job is handed back", about);
          } else options.logger.warn("A job failed", { ...about, error });
          return { id: job.id, status: "failed" as const, output: { message: String(error) } };
        }
      };
      // A lane takes no job before all of its batch have ended, so a slow one holds back as few as possible.
      const lanes = Math.min(MAX_LANES, concurrency);
      await boss.work(
        name,
        {
          includeMetadata: true,
          perJobResults: true,
          localConcurrency: lanes,
          batchSize: Math.ceil(concurrency / lanes),
          burstWhenBatchFull: true,
          pollingIntervalSeconds: pollSeconds,
          notifyPollingIntervalSeconds: pollSeconds,
        },
        (jobs: JobWithMetadata<Payload>[]) => Promise.all(jobs.map(run)),
      );
    },
    async depth() {
      const queues = await boss.getQueues();
      return queues.reduce((sum, queue) => sum + queue.readyCount + queue.activeCount, 0);
    },
    dispose: (seconds) => boss.stop({ graceful: true, timeout: seconds * 1000, close: true }),
  };
}
