import { existsSync } from "node:fs";
import module from "node:module";

// First of all: as process 1 of a container only signals that are listened to arrive.
let onSignal = (_signal: string): void => process.exit(0);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => onSignal(signal));

module.enableCompileCache();
const { loadConfig } = await import("./config.ts");
const { secretsOf } = await import("./config-secrets.ts");
const { assertFree, listen } = await import("./http/listener.ts");
const { createLogger } = await import("./logger.ts");
const { hideSecrets, redact } = await import("./redact.ts");
const { isDiskFull } = await import("./system-errors.ts");

if (existsSync(".env")) process.loadEnvFile(".env");
const { config, warnings, notes } = readConfig();
hideSecrets(secretsOf(config));
const logger = createLogger(config.log);
for (const warning of warnings) logger.warn(warning);
for (const note of notes) logger.info(note);

// Lines that go to a file on a full disk are lost; everything else that ails a stream stays an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (!isDiskFull(error)) throw error;
  });
}

const starting = new AbortController();
onSignal = (signal) => {
  if (starting.signal.aborted) return;
  logger.info("Stopping before the start has ended", { signal });
  endInTime();
  starting.abort(new Error(`${signal} came before the start had ended`));
};

// Who is asked for its address must know at once; who asks the product only when it can answer.
await assertFree(config.listen).catch(refuseAddress);
const context = await startContext();
const listener = await startListener();
onSignal = (signal) => void stop(signal);
process.on("unhandledRejection", (error) =>
  logger.error("A promise was rejected and nobody looked", { error }),
);
if (starting.signal.aborted) await stop("during the start");
else announce();

function announce(): void {
  const { port } = listener;
  const { version, accounts } = context;
  if (config.role === "worker") return void logger.info("Photo to 3D works", { port, version });
  logger.info(`Photo to 3D is ready at http://localhost:${port}`, { version });
  if (accounts.firstAdminToken) {
    const origin = config.publicUrl ?? `http://localhost:${port}`;
    logger.warn(
      `Nobody has an account yet. Make the first administrator within an hour at ${origin}/first-run#${accounts.firstAdminToken}`,
    );
  }
}

function readConfig() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error));
  }
}

async function refuseAddress(error: NodeJS.ErrnoException): Promise<never> {
  const { host, port } = config.listen;
  await reportStart(error);
  if (error.code === "EADDRINUSE") {
    return exit(
      `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${port + 1} npm start`,
    );
  }
  return exit(`The address ${host}:${port} can't be used: ${error.message}. Check HOST and PORT.`);
}

async function startContext() {
  const { createContext } = await import("./context.ts");
  try {
    return await createContext(config, { logger, starting: starting.signal });
  } catch (error) {
    if (starting.signal.aborted) {
      logger.info("Stopped");
      process.exit(0);
    }
    await reportStart(error);
    return exit(error instanceof Error ? error.message : String(error));
  }
}

async function startListener() {
  const app =
    config.role === "worker"
      ? (await import("./worker-app.ts")).createWorkerApp(context)
      : (await import("./app.ts")).createApp(context);
  return listen(app, config.listen).catch(async (error) => {
    await context.dispose();
    return refuseAddress(error);
  });
}

async function reportStart(error: unknown): Promise<void> {
  const { reportStartError } = await import("./telemetry/report-start-error.ts");
  const { readVersion } = await import("./product-version.ts");
  await reportStartError(error, { config, version: readVersion(), logger });
}

function exit(message: string): never {
  console.error(`\n${redact(message)}\n`);
  process.exit(1);
}

function endInTime(): void {
  setTimeout(() => {
    logger.error("The stop took too long");
    process.exit(1);
  }, config.shutdownTimeoutSeconds * 1000).unref();
}

/** Ready says no, work is handed back, the balancer gets a moment to see it, requests end, parts stop in reverse. */
async function stop(signal: string): Promise<void> {
  onSignal = () => {};
  logger.info("Stopping", { signal });
  endInTime();
  context.drain();
  const { shutdownTimeoutSeconds: seconds, production, role } = config;
  const hasBalancer = production && role !== "worker";
  context.stopWork();
  await listener.stop({
    acceptMs: hasBalancer ? Math.min(3000, seconds * 250) : 0,
    idleMs: hasBalancer ? Math.min(1000, seconds * 50) : 0,
    hangUpMs: seconds * 500,
  });
  await context.dispose();
  logger.info("Stopped");
}
