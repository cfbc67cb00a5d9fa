import { z } from "zod";

const integer = (min: number, max: number, value: number) =>
  z.coerce.number().int().min(min).max(max).default(value);
const secret = z.string().trim().min(32, "needs at least 32 characters").optional();
const salt = z.string().trim().min(16, "needs at least 16 characters").optional();
/** `https://shop.example` of any address at it. */
export const origin = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin);

/** Whether a client of Redis can read it: `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^rediss?:$/.test(protocol) && hostname !== "" && /^(\/\d{0,5})?$/.test(pathname);
}

/** Every setting of the product: name → form and default. Empty values count as unset. */
export const SETTINGS = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  ROLE: z.enum(["all", "web", "worker"]).default("all"),
  HOST: z.string().trim().optional(),
  PORT: integer(0, 65535, 3001),
  PUBLIC_URL: origin.optional(),
  AUTH: z.enum(["auto", "on", "off"]).default("auto"),
  ADMIN_EMAIL: z.email().max(254).optional(),
  ADMIN_PASSWORD: z.string().min(12, "needs at least 12 characters").max(200).optional(),
  REGISTRATION: z.enum(["closed", "open"]).default("closed"),
  TRUST_PROXY: z.string().trim().default("0"),
  CORS_ORIGIN: z.string().trim().default(""),
  CDN_SHARE_SECONDS: integer(0, 3600, 0),
  DATA_DIR: z.string().trim().default(".data"),
  UPLOAD_DIR: z.string().trim().default("uploads"),
  MAX_FILE_SIZE: integer(1024, 1024 ** 3, 10_485_760),
  MODEL_MAX_BYTES: integer(0, 200_000_000, 0),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgres://user:password@host:5432/name" })
    .optional(),
  PGHOST: z.string().trim().optional(),
  PGPORT: integer(1, 65535, 5432),
  PGDATABASE: z.string().trim().optional(),
  PGUSER: z.string().trim().optional(),
  PGPASSWORD: z.string().optional(),
  DATABASE_POOL_MAX: integer(1, 200, 20),
  DATABASE_POOL_MIN: integer(0, 200, 5),
  DATABASE_POOL_ACQUIRE_SECONDS: integer(1, 300, 30),
  DATABASE_POOL_IDLE_SECONDS: integer(1, 3600, 10),
  DATABASE_READ_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgres://user:password@host:5432/name" })
    .optional(),
  DATABASE_READ_MAX_LAG_SECONDS: integer(1, 300, 5),
  REDIS_URL: z
    .string()
    .trim()
    .refine(
      isRedisUrl,
      "must look like redis://host:6379 (rediss:// with TLS), with user:password@ before the host where it needs that",
    )
    .optional(),
  REDIS_SOCKET_TIMEOUT: integer(1, 300, 10),
  REDIS_MAX_CONNECTIONS: integer(1, 1000, 100),
  CACHE_COMPRESSION_THRESHOLD: integer(0, 10_000_000, 1024),
  GENAPI_API_KEY: z.string().trim().min(8, "is too short to be a key").optional(),
  GENAPI_BASE_URL: z.url({ protocol: /^https?$/ }).default("https://api.gen-api.ru/api/v1"),
  GENAPI_NETWORKS: z.string().trim().default(""),
  GENAPI_RESULT_HOSTS: z
    .string()
    .trim()
    .default("gen-api.storage.yandexcloud.net,images.gen-api.ru,cdn.gen-api.ru"),
  GENAPI_CONCURRENCY: integer(1, 50, 4),
  GENAPI_REQUESTS_PER_SECOND: integer(1, 1000, 10),
  GENAPI_DAILY_GENERATIONS: integer(0, 1_000_000, 0),
  GENAPI_DAILY_ROUBLES: integer(0, 100_000_000, 0),
  GENAPI_USER_DAILY_GENERATIONS: integer(0, 1_000_000, 0),
  GENAPI_USER_DAILY_ROUBLES: integer(0, 100_000_000, 0),
  GENAPI_PRICES: z.string().trim().default(""),
  WEBHOOK_ALLOWED_HOSTS: z.string().trim().default(""),
  LOCAL_CONCURRENCY: integer(1, 2, 1),
  LOG_LEVEL: z.enum(["error", "warn", "info", "debug"]).optional(),
  LOG_DIR: z.string().trim().optional(),
  SHUTDOWN_TIMEOUT_SECONDS: integer(1, 300, 20),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  SENTRY_DSN: z.url({ protocol: /^https?$/ }).optional(),
  MONITORING_INTERVAL: integer(0, 3600, 30),
  MONITORING_RETENTION_DAYS: integer(1, 3650, 30),
  ALERT_THRESHOLD_RESPONSE_TIME: integer(1, 600_000, 5000),
  ALERT_THRESHOLD_QUEUE_SECONDS: integer(1, 1_000_000, 600),
  ALERT_THRESHOLD_ERROR_PERCENT: integer(1, 100, 5),
  ALERT_THRESHOLD_DISK_PERCENT: integer(1, 100, 90),
  ALERT_THRESHOLD_MEMORY_PERCENT: integer(1, 100, 90),
  ALERT_THRESHOLD_BALANCE: integer(0, 100_000_000, 100),
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  ALERT_EMAIL: z.email().max(254).optional(),
  BACKUP_DIR: z.string().trim().optional(),
  BACKUP_SCHEDULE: z.enum(["on", "off"]).default("on"),
  BACKUP_SCHEDULE_DAILY_HOUR: integer(0, 23, 2),
  BACKUP_SCHEDULE_WEEKLY_DAY: integer(0, 6, 0),
  BACKUP_RETENTION_DAYS: integer(1, 3650, 7),
  BACKUP_BYTES_PER_SECOND: integer(0, Number.MAX_SAFE_INTEGER, 52_428_800),
  BACKUP_AGE_RECIPIENT: z
    .string()
    .trim()
    .regex(/^age1[02-9ac-hj-np-z]{58}$/, "must be a public key of age, such as age1 and 58 characters")
    .optional(),
  S3_BUCKET: z.string().trim().optional(),
  S3_PREFIX: z.string().trim().default(""),
  S3_DOWNLOADS: z.enum(["proxy", "redirect"]).default("proxy"),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().trim().default("us-east-1"),
  S3_ACCESS_KEY_ID: z.string().trim().optional(),
  S3_SECRET_ACCESS_KEY: z.string().trim().optional(),
  S3_PATH_STYLE: z.enum(["auto", "on", "off"]).default("auto"),
  OPS_TOKEN: secret,
  JWT_SECRET: secret,
  SESSION_SECRET: secret,
  API_ENCRYPTION_KEY: secret,
  API_ENCRYPTION_SALT: salt,
  API_ENCRYPTION_KEY_PREVIOUS: secret,
  API_ENCRYPTION_SALT_PREVIOUS: salt,
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must look like smtp://user:password@host:587" }).optional(),
  MAIL_FROM: z.string().trim().max(254).optional(),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000, 300),
  RATE_LIMIT_PER_HOUR: integer(0, 10_000_000, 6000),
  USER_STORAGE_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 0),
  DISK_RESERVE_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 268_435_456),
  RETENTION_DAYS: integer(0, 36_500, 0),
  AUDIT_RETENTION_DAYS: integer(0, 36_500, 365).refine((days) => days === 0 || days > 30, {
    error: "must be more than 30, or 0 to keep the log for ever",
  }),
});

export type Settings = z.output<typeof SETTINGS>;
