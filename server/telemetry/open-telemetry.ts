import type { Config } from "../config.ts";
import type { RootLogger } from "../logger.ts";
import type { Tracer } from "../tracing.ts";
import { environmentOf } from "./report-start-error.ts";

interface Options {
  config: Pick<Config, "tracing" | "sentryDsn" | "production">;
  version: string;
  logger: RootLogger;
}

/** Where traces and errors go by the settings. What isn't set isn't loaded; `building` sends the rest at the end. */
export async function openTelemetry(
  { config, version, logger }: Options,
  building: AsyncDisposableStack,
): Promise<{ tracer: Tracer | null }> {
  const { tracing, sentryDsn } = config;
  if (sentryDsn) {
    const { reportErrors } = await import("./sentry.ts");
    const environment = environmentOf(config);
    building.adopt(reportErrors(logger, { dsn: sentryDsn, version, environment }), (part) => part.dispose());
  }
  if (!tracing) return { tracer: null };
  const { createOtlpTracer } = await import("./otlp-tracer.ts");
  const tracer = building.adopt(createOtlpTracer({ ...tracing, version, logger }), (part) => part.dispose());
  return { tracer };
}
