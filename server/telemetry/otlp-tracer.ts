import {
  type Context,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Logger } from "../logger.ts";
import type { Span, SpanOptions, Tracer } from "../tracing.ts";

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Spans that wait to be sent; beyond that new ones are dropped. */
const MOST_WAITING = 2048;
const SEND_EVERY_MS = 2000;
/** How long a collector may take, repeats included. */
const TIMEOUT_MS = 2000;
/** How long the end of the process waits for it. */
const END_MS = 4000;

/** https://www.w3.org/TR/trace-context/#traceparent-header, version 00. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

function contextOf(traceparent: string | null | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (!traceId) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

const beginIn = (
  tracer: OtelTracer,
  context: Context,
  name: string,
  { kind = "internal", facts }: SpanOptions,
) => wrap(tracer, tracer.startSpan(name, { kind: KINDS[kind], attributes: facts }, context));

function wrap(tracer: OtelTracer, span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
    name: (name) => void span.updateName(name),
    add(facts) {
      for (const [key, value] of Object.entries(facts)) {
        if (value !== undefined) span.setAttribute(key, value);
      }
    },
    fail(reason) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", reason);
    },
    begin: (name, options = {}) => beginIn(tracer, trace.setSpan(ROOT_CONTEXT, span), name, options),
    end: () => span.end(),
  };
}

/** Says once that traces don't get through, and once that they do again; the spans of a failed sending are lost. */
function candid(exporter: SpanExporter, logger: Pick<Logger, "info" | "warn">): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !isFailing) {
          logger.warn("Traces can't be sent; see OTEL_EXPORTER_OTLP_ENDPOINT", {
            error: result.error?.message,
          });
        }
        if (!failed && isFailing) logger.info("Traces are sent again");
        isFailing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

interface Options {
  /** Base address of a collector that takes OTLP over HTTP; `/v1/traces` is added. */
  endpoint: string;
  version: string;
  logger: Pick<Logger, "info" | "warn">;
}

/**
 * Sends spans to an OpenTelemetry collector (https://opentelemetry.io/docs/specs/otlp/), in the background and in
 * bounded memory. Nothing of Node or of a library is patched, and no global is set: what is traced says so.
 */
export function createOtlpTracer({
  endpoint,
  version,
  logger,
}: Options): Tracer & { dispose(): Promise<void> } {
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_MS, concurrencyLimit: 2 });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "photo-to-3d", "service.version": version }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: candid(exporter, logger),
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: END_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("photo-to-3d", version);
  return {
    begin: (name, { parent, ...options } = {}) => beginIn(tracer, contextOf(parent), name, options),
    async dispose() {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, END_MS);
      await Promise.race([provider.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
}
