import { existsSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import module from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

module.enableCompileCache();
const { loadConfig } = await import("./config.ts");
const { secretsOf } = await import("./config-secrets.ts");
const { createLogger } = await import("./logger.ts");
const { hideSecrets, redact } = await import("./redact.ts");
const { isDiskFull } = await import("./system-errors.ts");

if (existsSync(".env")) process.loadEnvFile(".env");
const { config, warnings } = readConfig();
hideSecrets(secretsOf(config));
const logger = createLogger(config.log);
for (const warning of warnings) logger.warn(warning);

// Lines that go to a file on a full disk are lost; everything else that ails a stream stays an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (!isDiskFull(error)) throw error;
  });
}

let handle: RequestListener = (_request, response) => {
  response.writeHead(503, { "Retry-After": "1", "Content-Type": "text/plain" }).end("Starting\n");
};
const server = createServer((request, response) => handle(request, response));
await listen();

const context = await startContext();
const { createApp } = await import("./app.ts");
handle = createApp(context);
const { port } = server.address() as { port: number };
logger.info(`Photo to 3D is ready at http://localhost:${port}`, { version: context.version });
if (context.accounts.firstAdminToken) {
  const origin = config.publicUrl ?? `http://localhost:${port}`;
  logger.warn(
    `Nobody has an account yet. Make the first administrator within an hour at ${origin}/first-run#${context.accounts.firstAdminToken}`,
  );
}

let isStopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
process.on("unhandledRejection", (error) =>
  logger.error("A promise was rejected and nobody looked", { error }),
);

function readConfig() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error));
  }
}

async function listen(): Promise<void> {
  const { host, port } = config.listen;
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, host, resolve),
  ).catch(async (error: NodeJS.ErrnoException) => {
    await reportStart(error);
    if (error.code === "EADDRINUSE") {
      return exit(
        `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${port + 1} npm start`,
      );
    }
    return exit(`The address ${host}:${port} can't be used: ${error.message}. Check HOST and PORT.`);
  });
}

async function startContext() {
  const { createContext } = await import("./context.ts");
  try {
    return await createContext(config, { logger });
  } catch (error) {
    await reportStart(error);
    return exit(error instanceof Error ? error.message : String(error));
  }
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

/** Ready says no, the listener stays a moment for the load balancer to see it, requests end, parts stop in reverse. */
async function stop(signal: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  logger.info("Stopping", { signal });
  setTimeout(() => {
    logger.error("The stop took too long");
    process.exit(1);
  }, config.shutdownTimeoutSeconds * 1000).unref();
  context.drain();
  if (config.production) await sleep(Math.min(3000, config.shutdownTimeoutSeconds * 250));
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const idleCloser = setInterval(() => server.closeIdleConnections(), 200);
  const hangUp = setTimeout(() => server.closeAllConnections(), config.shutdownTimeoutSeconds * 500);
  await Promise.all([closed, context.stopWork()]);
  clearInterval(idleCloser);
  clearTimeout(hangUp);
  await context.dispose();
  logger.info("Stopped");
}
