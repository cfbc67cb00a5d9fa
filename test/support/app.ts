import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import winston from "winston";
import { createApp } from "../../server/app.ts";
import { type Config, loadConfig } from "../../server/config.ts";
import { createContext } from "../../server/context.ts";
import type { LoopLag } from "../../server/http/loop-lag.ts";
import { withStory } from "../../server/logger.ts";
import { ATTEMPT_RULES, type AttemptRules } from "../../server/services/limits/attempts.ts";
import { createTestDatabase } from "./database.ts";
import type { FakeGenapi } from "./fake-genapi/fake-genapi.ts";
import { createContractCheck } from "./openapi-check.ts";

/** So that tests don't wait for a provider that answers at once. */
const QUICK_PACE = {
  firstPoll: 0,
  shortestPoll: 0,
  longestPoll: 0,
  betweenLooks: 0.1,
  missingResult: 2,
  silence: 2,
  patience: 0,
  pause: 3,
};

/** So that a test may do in seconds what people do in days. */
const NO_BOUNDS = Object.fromEntries(
  Object.entries(ATTEMPT_RULES).map(([kind, rule]) => [kind, { ...rule, points: 1e6 }]),
) as AttemptRules;

const NEVER_LATE: LoopLag = { milliseconds: () => 0, dispose() {} };

interface TestAppOptions {
  /** Settings as in `.env`. */
  env?: Record<string, string>;
  fake?: FakeGenapi;
  /** Default any free one. */
  port?: number;
  /** An own database or store is made where these are not given. */
  databaseUrl?: string;
  uploads?: string;
  /** How late the event loop seems to be; default: never, however busy the machine of the tests is. */
  lag?: LoopLag;
  /** Default: none that a test could meet. */
  attemptRules?: AttemptRules;
  /** How long the database may take to count; a test of exact numbers has no use for counts of a busy moment. */
  countsPatienceMs?: number;
  /** Where the built page is. */
  pageFolder?: string;
}

/** The real product on port 0: real database, store, queue and HTTP. Its answers are checked against openapi.json. */
export async function startTestApp(options: TestAppOptions = {}) {
  const stack = new AsyncDisposableStack();
  const database = options.databaseUrl
    ? null
    : stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-test-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const lines: Record<string, unknown>[] = [];
  const config = configOf(
    options,
    options.databaseUrl ?? database!.url,
    options.uploads ?? path.join(folder, "uploads"),
  );
  const context = await createContext(config, {
    logger: collectingLogger(lines),
    pace: QUICK_PACE,
    attemptRules: options.attemptRules ?? NO_BOUNDS,
    countsPatienceMs: options.countsPatienceMs,
    lag: options.lag ?? NEVER_LATE,
    // A Redis of the tests may be slow on a busy machine, and is not away for that.
    cachePace: { answerMs: 20_000 },
  });
  stack.defer(() => context.dispose());
  // Only the client ends a connection that nothing comes over: else, where the process stood still for some seconds, a
  // request is sent over one that the server ends in the same moment.
  const server = createServer(
    { keepAliveTimeout: 0 },
    createApp(context, { pageFolder: options.pageFolder }),
  );
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stack.defer(
    () =>
      new Promise<void>((resolve) => {
        context.drain();
        context.stopWork();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const checkAnswer = await createContractCheck(url);

  /** `fetch` of a path; the answer must be what openapi.json promises. */
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(url + path, init);
    await checkAnswer(init.method ?? "GET", path, response);
    return response;
  }

  return {
    url,
    context,
    config,
    request,
    lines,
    uploads: config.uploads.folder,
    dispose: () => stack.disposeAsync(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type TestApp = Awaited<ReturnType<typeof startTestApp>>;

function configOf({ env, fake }: TestAppOptions, databaseUrl: string, uploads: string): Config {
  return loadConfig({
    NODE_ENV: "test",
    PORT: "0",
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MIN: "0",
    UPLOAD_DIR: uploads,
    DATA_DIR: path.join(uploads, "../data"),
    SHUTDOWN_TIMEOUT_SECONDS: "5",
    RATE_LIMIT_PER_MINUTE: "0",
    RATE_LIMIT_PER_HOUR: "0",
    // A test that needs the monitor or the schedule turns it on.
    MONITORING_INTERVAL: "0",
    BACKUP_SCHEDULE: "off",
    // Several servers of one database must have the same.
    API_ENCRYPTION_KEY: "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P",
    API_ENCRYPTION_SALT: "u6Rk1eWc9ZtQx3Jm",
    ...(fake && {
      GENAPI_API_KEY: fake.key,
      GENAPI_BASE_URL: `${fake.url}/api/v1`,
      GENAPI_REQUESTS_PER_SECOND: "1000",
    }),
    ...env,
  }).config;
}

/** Keeps the log lines for assertions instead of printing them. */
function collectingLogger(lines: Record<string, unknown>[]): winston.Logger {
  const { format, transports } = winston;
  const collect = format((info) => {
    lines.push({ ...info });
    return false;
  });
  return winston.createLogger({
    level: "debug",
    transports: [new transports.Console({ format: format.combine(withStory(), collect()) })],
  });
}
