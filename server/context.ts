import os from "node:os";
import path from "node:path";
import { createExporter } from "./assets/export/exporter.ts";
import { createModelProcessor } from "./assets/glb.ts";
import { createPhotoDecoder } from "./assets/photo.ts";
import { openCache } from "./cache/open-cache.ts";
import type { Config } from "./config.ts";
import { secretsOf } from "./config-secrets.ts";
import { startKeeping, startOperations } from "./context-operations.ts";
import { createProviders } from "./context-providers.ts";
import { startWork } from "./context-work.ts";
import { connectDatabase } from "./database/connect.ts";
import { startEmbeddedPostgres } from "./database/embedded.ts";
import { migrate, pendingMigrations } from "./database/migrate.ts";
import { reachDatabase, startPatienceMs } from "./database/reach.ts";
import { readAuthCookies } from "./http/auth-cookies.ts";
import { type LoopLag, watchLoopLag } from "./http/loop-lag.ts";
import { type Pace, USUAL_PACE } from "./jobs/deps.ts";
import { createLogger, type Logger, type RootLogger } from "./logger.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { presenceOf } from "./models/presence.ts";
import { setProviderLimits } from "./models/provider-limits.ts";
import { defineRecords } from "./models/records.ts";
import { readVersion } from "./product-version.ts";
import { createCutoutPreview } from "./providers/local/preview-cutout.ts";
import { startNotices } from "./queue/notices.ts";
import { startQueue } from "./queue/queue.ts";
import { hideSecrets } from "./redact.ts";
import { createAccounts } from "./services/accounts/create-accounts.ts";
import { createSignInGuard } from "./services/accounts/sign-in-guard.ts";
import { followWrites } from "./services/cache/follow-writes.ts";
import { createIdentify } from "./services/identity.ts";
import { keepHouse } from "./services/keep-house.ts";
import { completeSecrets } from "./services/kept-secrets.ts";
import { type AttemptRules, createAttempts } from "./services/limits/attempts.ts";
import { countersInPostgres } from "./services/limits/counters.ts";
import { createRequestLimits } from "./services/limits/request-limits.ts";
import { startMonitor } from "./services/monitor/start-monitor.ts";
import { startReads } from "./services/reads/start-reads.ts";
import { openRestoreFiles } from "./services/restore/open-restore-files.ts";
import { recoverRestore } from "./services/restore/recover.ts";
import { createStorageQuota } from "./services/storage-quota.ts";
import { markStore, readInstallationId } from "./services/store-owner.ts";
import { openVault } from "./services/vault/open-vault.ts";
import { createVault, encryptionOf } from "./services/vault/vault.ts";
import { readCommit } from "./source-commit.ts";
import { openStorage } from "./storage/open-storage.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";

/** Of each kind; one core stays free for the event loop, and each thread costs some 60 MB. */
const WORKER_THREADS = Math.max(1, Math.min(2, os.availableParallelism() - 1));

const root = path.resolve(import.meta.dirname, "..");

/** Everything that the process is made of. Only this file builds it; `dispose` takes it down in reverse. */
export type Context = Awaited<ReturnType<typeof createContext>>;

/** Parts that a test wants otherwise. */
interface Overrides {
  logger?: RootLogger;
  pace?: Pace;
  attemptRules?: AttemptRules;
  /** How long the database may take to count a request. */
  countsPatienceMs?: number;
  lag?: LoopLag;
  cachePace?: { answerMs: number };
  /** Aborts when the process is to stop before it has started; what was built is taken down, and its reason thrown. */
  starting?: AbortSignal;
}

/** @throws what a part that can't start throws; the parts before it are taken down again. */
export async function createContext(
  config: Config,
  {
    logger = createLogger(config.log),
    pace = USUAL_PACE,
    attemptRules,
    countsPatienceMs,
    lag = watchLoopLag(),
    cachePace,
    starting = new AbortController().signal,
  }: Overrides = {},
) {
  await using building = new AsyncDisposableStack();
  building.adopt(lag, (part) => part.dispose());
  const draining = new AbortController();
  const stopping = new AbortController();
  const version = readVersion();
  const works = config.role !== "web";
  const { tracer } = await openTelemetry({ config, version, logger }, building);

  const storage = await openStorage(config.store);
  const url = await databaseUrl(config, { logger, signal: starting }, building);
  await migrate(url, { logger, signal: starting });
  await recoverRestore({ url, files: await openRestoreFiles(config.store), logger });
  const sequelize = connectDatabase({ url, pool: config.pool });
  building.defer(() => sequelize.close());
  const records = defineRecords(sequelize);
  const metrics = createMetrics({ version });
  metrics.readDatabase({ sequelize, logger });
  await markStore({ records, storage });
  starting.throwIfAborted();
  const secrets = await completeSecrets(config.secrets, config.dataFolder);
  hideSecrets([...secretsOf(config), ...Object.values(secrets)]);
  const compressionBytes = config.cache.compressionBytes;
  const prefix = `${await readInstallationId(records)}:`;
  const cache = building.adopt(
    await openCache({ redis: config.redis, logger, compressionBytes, prefix, ...cachePace }),
    (part) => part.dispose(),
  );
  metrics.watchCache(cache);
  await followWrites(records, cache.remembered);
  const makeCounter = countersInPostgres({ sequelize, logger, patienceMs: countsPatienceMs });
  const attempts = createAttempts(makeCounter, attemptRules);
  const accounts = building.adopt(
    await createAccounts({ config, records, ...cache, secrets, logger, guard: createSignInGuard(attempts) }),
    (part) => part.dispose(),
  );
  const notices = building.adopt(
    await startNotices({ url, logger, presence: presenceOf(config.role) }),
    (part) => part.dispose(),
  );
  const operations = await startOperations({ records, notices, logger }, building);
  const reads = startReads({ config, records, logger, ...operations }, building);
  metrics.watchReads(reads);
  const decoder = building.adopt(createPhotoDecoder({ threads: WORKER_THREADS }), (part) => part.dispose());
  const processor = building.adopt(
    createModelProcessor({ threads: WORKER_THREADS, maxBytes: config.models.maxBytes }),
    (part) => part.dispose(),
  );
  const exporter = building.adopt(createExporter({ threads: WORKER_THREADS }), (part) => part.dispose());
  const vault = createVault(...encryptionOf(config, secrets));
  await openVault({ records, vault, logger });
  const directory = createProviders(
    config,
    { records, logger, metrics, vault, patience: pace.patience },
    building,
  );
  const { requestsPerSecond, concurrency: createsAtOnce } = config.genapi;
  await setProviderLimits(records, "genapi", { requestsPerSecond, createsAtOnce });
  const open = [...directory.providers.values()].filter(({ isOpen }) => isOpen);
  metrics.watchProviders(open, config.genapi.budget.service);
  starting.throwIfAborted();
  const queue = building.adopt(
    await startQueue({ url, logger, stopping: stopping.signal, supervises: works }),
    (part) => part.dispose(config.shutdownTimeoutSeconds),
  );
  if (works) {
    const given = { config, records, storage, queue, notices, directory, processor, logger, pace, tracer };
    const stop = { stopping: stopping.signal };
    await startWork({ ...given, ...operations, ...stop, metrics, vault, version }, building);
  }
  building.defer(() => stopping.abort(new Error("The process stops")));
  if (works) void keepHouse({ records, storage, logger, config, ...operations }, stopping.signal);
  const readiness = {
    database: async () => void (await sequelize.query("SELECT 1")),
    storage: () => storage.check(),
    migrations: async () => {
      const pending = await pendingMigrations(sequelize);
      if (pending.length > 0) throw new Error(`Migrations are missing: ${pending.join(", ")}`);
    },
  };
  const core = { url, config, secrets, records, storage, logger, version, cache, directory };
  const keeping = await startKeeping({ ...core, ...operations, stopping: stopping.signal }, building);
  const monitor = startMonitor(
    {
      config,
      records,
      logger,
      storage,
      cache,
      queue,
      notices,
      directory,
      readiness,
      metrics,
      reads,
      ...operations,
    },
    building,
  );

  starting.throwIfAborted();
  const parts = building.move();
  return {
    config,
    logger,
    tracer,
    version,
    commit: readCommit(root),
    metrics,
    storage,
    records,
    reads,
    notices,
    ...operations,
    cache,
    cacheState: cache.state,
    queue,
    decoder,
    processor,
    exporter,
    directory,
    vault,
    webhookTargets: { allowedHosts: config.webhooks.allowedHosts },
    secrets,
    attempts,
    lag,
    quota: createStorageQuota(records, config.quotas.userBytes),
    limits: createRequestLimits(makeCounter, config.rateLimits),
    accounts,
    identify: createIdentify({
      ...accounts,
      readCookies: (request) => readAuthCookies(request, config.publicUrl),
    }),
    previewCutout: createCutoutPreview(config.local),
    readiness,
    monitor,
    ...keeping,
    draining: draining.signal,
    /** From now on `/health/ready` says 503 and event streams end. */
    drain: () => draining.abort(),
    /** Free work goes back to the queue; no new job is begun. */
    stopWork: () => stopping.abort(new Error("The process stops")),
    dispose: () => parts.disposeAsync(),
  };
}

async function databaseUrl(
  { database, pool }: Config,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
  building: AsyncDisposableStack,
): Promise<string> {
  if (database.kind === "url") {
    return reachDatabase(database.url, { patienceMs: startPatienceMs(pool), logger, signal });
  }
  const started = await startEmbeddedPostgres({ dataFolder: database.dataFolder, logger });
  const embedded = building.adopt(started, (part) => part.dispose());
  return embedded.url;
}
