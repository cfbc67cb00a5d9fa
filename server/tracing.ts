import { AsyncLocalStorage } from "node:async_hooks";
import { inStory } from "./logger.ts";

/** Facts about a piece of work. Never a secret, an address with one in it, or what users wrote. */
export type SpanFacts = Record<string, string | number | boolean | undefined>;

export interface SpanOptions {
  /** The role in OpenTelemetry's sense. */
  kind?: "server" | "client" | "consumer" | "internal";
  facts?: SpanFacts;
}

/** One timed piece of work in a trace. */
export interface Span {
  readonly traceId: string;
  /** Names this span to others (W3C Trace Context, https://www.w3.org/TR/trace-context/). */
  readonly traceparent: string;
  name(name: string): void;
  add(facts: SpanFacts): void;
  /** It did not come about; `reason` in a word or by the name of an error. */
  fail(reason: string): void;
  begin(name: string, options?: SpanOptions): Span;
  end(): void;
}

/** Makes spans. There is none where traces are not sent. */
export interface Tracer {
  /** `parent` is a traceparent, perhaps of another process; a malformed one counts as none. */
  begin(name: string, options?: SpanOptions & { parent?: string | null }): Span;
}

const spans = new AsyncLocalStorage<Span>();

/** The name of the span that runs, for work that goes on elsewhere; null where no trace is made. */
export const currentTraceparent = (): string | null => spans.getStore()?.traceparent ?? null;

/** Runs `work` so that spans begun in it are part of `span`, and lines of the log name its trace. */
export const withSpan = <T>(span: Span, work: () => T): T =>
  spans.run(span, () => inStory({ traceId: span.traceId }, work));

async function runIn<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await withSpan(span, () => work(span));
  } catch (error) {
    span.fail(error instanceof Error ? error.name : "unknown");
    throw error;
  } finally {
    span.end();
  }
}

/** Runs `work` as a part of the span that runs; only runs it where none does. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span | null) => Promise<T>,
): Promise<T> {
  const parent = spans.getStore();
  return parent ? runIn(parent.begin(name, options), work) : work(null);
}

/** Runs `work` as a span that continues what `parent` names, or a trace of its own. */
export const inTrace = <T>(
  tracer: Tracer | null,
  name: string,
  options: SpanOptions & { parent?: string | null },
  work: () => Promise<T>,
): Promise<T> => (tracer ? runIn(tracer.begin(name, options), work) : work());
