import type { Config } from "../config.ts";
import type { RootLogger } from "../logger.ts";

interface Options {
  config: Pick<Config, "sentryDsn" | "production">;
  version: string;
  logger: RootLogger;
}

/**
 * Logs what the start failed of, and sends it where errors go by the settings: what does so in a running server is not
 * there yet, or no longer. Takes a few seconds at most, and never rejects.
 */
export async function reportStartError(error: unknown, options: Options): Promise<void> {
  const { config, version, logger } = options;
  const reporter = config.sentryDsn && (await openReporter(config.sentryDsn, options).catch(() => null));
  logger.error("The start failed", { error, version });
  if (reporter) await reporter.dispose().catch(() => undefined);
}

async function openReporter(dsn: string, { config, version, logger }: Options) {
  const { reportErrors } = await import("./sentry.ts");
  return reportErrors(logger, { dsn, version, environment: environmentOf(config) });
}

/** As it is called at Sentry. */
export const environmentOf = ({ production }: Pick<Config, "production">): string =>
  production ? "production" : "development";
