import path from "node:path";
import { type AccessRules, isLoopback, parseAccess } from "./config-access.ts";
import { type DatabasePlace, parseDatabase } from "./config-database.ts";
import { readGiven } from "./config-files.ts";
import { list, parseCorsOrigin, parsePrice, parseTrustProxy } from "./config-lists.ts";
import { withPlatform } from "./config-platform.ts";
import { parseReadReplica, type ReadReplica } from "./config-reads.ts";
import { type OperationsConfig, parseOperations } from "./operations-config.ts";
import { findWeakSecrets, stopsProduction } from "./secret-strength.ts";
import { SETTINGS, type Settings } from "./settings.ts";
import { type ShownSetting, showSettings } from "./shown-settings.ts";
import { parseStore, refuseSamePlace, type StoreConfig } from "./store-config.ts";

/** The whole configuration, checked and frozen. Paths are absolute, times say their unit. */
export interface Config extends OperationsConfig {
  production: boolean;
  /** `web` serves people and programs, `worker` does what goes on by itself; `all` does both. */
  role: Settings["ROLE"];
  listen: { host: string; port: number };
  publicUrl: string | null;
  access: AccessRules;
  /** What programs of an operator show for `/metrics` and the detailed health; null: nothing opens them. */
  opsToken: string | null;
  trustProxy: number | string[];
  corsOrigins: string[];
  /** So long caches that many share may keep files of share links; 0: not at all. */
  cdnShareSeconds: number;
  /** Everything that is not in the database and not in the store. */
  dataFolder: string;
  database: DatabasePlace;
  pool: { max: number; min: number; acquireMs: number; idleMs: number };
  readReplica: ReadReplica;
  /** What processes share besides the database; null: each has its memory alone. */
  redis: { url: string; socketTimeoutMs: number; maxConnections: number } | null;
  /** Values of the cache that are longer are kept compressed, bytes. */
  cache: { compressionBytes: number };
  /** Folder of files, or of work in progress where they lie in a bucket; bytes of one upload. */
  uploads: { folder: string; maxBytes: number };
  store: StoreConfig;
  /** Bytes that the file for viewing should stay under; null is no bound. */
  models: { maxBytes: number | null };
  local: { concurrency: number; memoryBytes: number; processorSeconds: number; timeoutSeconds: number };
  genapi: {
    /** Of the service; null: only users with a key of their own can use GenAPI. */
    apiKey: string | null;
    baseUrl: string;
    networks: string[];
    resultHosts: string[];
    /** Create calls at once, and requests of any kind, of all replicas together. */
    concurrency: number;
    requestsPerSecond: number;
    /** Bounds of a day (UTC) for all together and for each user; null is none. */
    budget: Record<"service" | "user", { generations: number | null; roubles: number | null }>;
    /** Expected roubles by network id, or network id and preset with a slash between. */
    prices: Record<string, number>;
    allowInsecureLoopback: boolean;
  };
  webhooks: {
    /** Receivers that may be in a private network, and be reached over http. */
    allowedHosts: string[];
  };
  log: { level: "error" | "warn" | "info" | "debug"; json: boolean; folder: string | null };
  shutdownTimeoutSeconds: number;
  /** Without it links are shown to the administrator instead of being sent. */
  mail: { url: string; from: string } | null;
  /** Requests of one user, key or address; null is no bound. */
  rateLimits: { perMinute: number | null; perHour: number | null };
  /** Bytes of the store that one user may fill (null: no bound), and that stay free on its disk. */
  quotas: { userBytes: number | null; diskReserveBytes: number };
  /** After so many days models and photos are deleted; null keeps them. */
  retentionDays: number | null;
  /** After so many days entries of the audit log are deleted; null keeps them. */
  auditRetentionDays: number | null;
  secrets: Secrets;
  /** Every setting as operators may see it. */
  shown: ShownSetting[];
  /** What `secrets` had before a rotation; what it sealed is read until everything is re-wrapped. */
  formerEncryption: { key: string; salt: string | null } | null;
}

/** Settings that must never be logged or shown; what is null is made once and kept in the data folder. */
export interface Secrets {
  jwt: string | null;
  session: string | null;
  encryptionKey: string | null;
  encryptionSalt: string | null;
}

const limits = (generations: number, roubles: number) => ({
  generations: generations || null,
  roubles: roubles || null,
});

/**
 * Reads the settings of an environment; relative folders are taken from `root`. `warnings` say what should be better,
 * `notes` what was taken from the platform.
 * Throws one sentence that names the variable and the cure.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  root = process.cwd(),
): { config: Config; warnings: string[]; notes: string[] } {
  const given = readGiven(env, Object.keys(SETTINGS.shape), root);
  const platform = withPlatform(given, root);
  const { values } = platform;
  const parsed = SETTINGS.safeParse(values);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(
      `The setting ${issue.path.join(".")} is wrong: ${issue.message}. Correct it in .env or in the environment.`,
    );
  }
  const s = parsed.data;
  const production = s.NODE_ENV === "production";
  const weak = findWeakSecrets(s);
  const worst = production && weak.find(stopsProduction);
  if (worst) throw new Error(worst.message);
  const host = s.HOST ?? (production ? "0.0.0.0" : "127.0.0.1");
  const genapiUrl = new URL(s.GENAPI_BASE_URL);
  const genapiIsLocal = isLoopback(genapiUrl.hostname.replace(/^\[|\]$/g, ""));
  if (genapiUrl.protocol !== "https:" && !genapiIsLocal) {
    throw new Error("GENAPI_BASE_URL must start with https://, or the key would travel in clear.");
  }
  const store = parseStore(s, root);
  const operations = parseOperations(s, root);
  refuseSamePlace(store, operations.backup.target);
  const config: Config = {
    production,
    role: s.ROLE,
    listen: { host, port: s.PORT },
    publicUrl: s.PUBLIC_URL ?? null,
    access: parseAccess(s, host),
    opsToken: s.OPS_TOKEN ?? null,
    trustProxy: parseTrustProxy(s.TRUST_PROXY),
    corsOrigins: list(s.CORS_ORIGIN).map(parseCorsOrigin),
    cdnShareSeconds: s.CDN_SHARE_SECONDS,
    dataFolder: path.resolve(root, s.DATA_DIR),
    database: parseDatabase(s, path.resolve(root, s.DATA_DIR)),
    pool: {
      max: s.DATABASE_POOL_MAX,
      min: Math.min(s.DATABASE_POOL_MIN, s.DATABASE_POOL_MAX),
      acquireMs: s.DATABASE_POOL_ACQUIRE_SECONDS * 1000,
      idleMs: s.DATABASE_POOL_IDLE_SECONDS * 1000,
    },
    readReplica: parseReadReplica(s),
    redis: parseRedis(s),
    cache: { compressionBytes: s.CACHE_COMPRESSION_THRESHOLD },
    uploads: { folder: path.resolve(root, s.UPLOAD_DIR), maxBytes: s.MAX_FILE_SIZE },
    store,
    models: { maxBytes: s.MODEL_MAX_BYTES || null },
    local: {
      concurrency: s.LOCAL_CONCURRENCY,
      memoryBytes: 400 * 1024 ** 2,
      processorSeconds: 60,
      // Within the time after which its job counts as lost.
      timeoutSeconds: 150,
    },
    genapi: {
      apiKey: s.GENAPI_API_KEY ?? null,
      baseUrl: s.GENAPI_BASE_URL,
      networks: list(s.GENAPI_NETWORKS),
      resultHosts: list(s.GENAPI_RESULT_HOSTS),
      concurrency: s.GENAPI_CONCURRENCY,
      requestsPerSecond: s.GENAPI_REQUESTS_PER_SECOND,
      budget: {
        service: limits(s.GENAPI_DAILY_GENERATIONS, s.GENAPI_DAILY_ROUBLES),
        user: limits(s.GENAPI_USER_DAILY_GENERATIONS, s.GENAPI_USER_DAILY_ROUBLES),
      },
      prices: Object.fromEntries(list(s.GENAPI_PRICES).map(parsePrice)),
      allowInsecureLoopback: genapiIsLocal,
    },
    webhooks: { allowedHosts: list(s.WEBHOOK_ALLOWED_HOSTS) },
    log: {
      level: s.LOG_LEVEL ?? (production ? "info" : "debug"),
      json: production,
      folder: s.LOG_DIR ? path.resolve(root, s.LOG_DIR) : null,
    },
    shutdownTimeoutSeconds: s.SHUTDOWN_TIMEOUT_SECONDS,
    mail: parseMail(s),
    ...operations,
    rateLimits: { perMinute: s.RATE_LIMIT_PER_MINUTE || null, perHour: s.RATE_LIMIT_PER_HOUR || null },
    quotas: { userBytes: s.USER_STORAGE_BYTES || null, diskReserveBytes: s.DISK_RESERVE_BYTES },
    retentionDays: s.RETENTION_DAYS || null,
    auditRetentionDays: s.AUDIT_RETENTION_DAYS || null,
    secrets: Object.freeze({
      jwt: s.JWT_SECRET ?? null,
      session: s.SESSION_SECRET ?? null,
      encryptionKey: s.API_ENCRYPTION_KEY ?? null,
      encryptionSalt: s.API_ENCRYPTION_SALT ?? null,
    }),
    formerEncryption: parseFormerEncryption(s),
    shown: showSettings(s, given.fromFile),
  };
  const warnings = [...weak.map(({ message }) => message), ...platform.warnings];
  return { config: Object.freeze(config), warnings, notes: platform.notes };
}

function parseFormerEncryption(s: Settings): Config["formerEncryption"] {
  const { API_ENCRYPTION_KEY_PREVIOUS: key, API_ENCRYPTION_SALT_PREVIOUS: salt = null } = s;
  if (salt && !key) {
    throw new Error(
      "API_ENCRYPTION_SALT_PREVIOUS is set without API_ENCRYPTION_KEY_PREVIOUS. Set both, or none of them.",
    );
  }
  return key ? { key, salt } : null;
}

const parseRedis = (s: Settings): Config["redis"] =>
  s.REDIS_URL
    ? {
        url: s.REDIS_URL,
        socketTimeoutMs: s.REDIS_SOCKET_TIMEOUT * 1000,
        maxConnections: s.REDIS_MAX_CONNECTIONS,
      }
    : null;

function parseMail(s: Settings): Config["mail"] {
  if (Boolean(s.SMTP_URL) !== Boolean(s.MAIL_FROM)) {
    throw new Error(
      "SMTP_URL and MAIL_FROM belong together. Set both, such as MAIL_FROM=3d@example.com, or none of them.",
    );
  }
  if (s.SMTP_URL && !s.PUBLIC_URL) {
    throw new Error(
      "SMTP_URL is set, but not PUBLIC_URL, to which the links in letters lead. Set it, such as https://3d.example.com.",
    );
  }
  return s.SMTP_URL && s.MAIL_FROM ? { url: s.SMTP_URL, from: s.MAIL_FROM } : null;
}
