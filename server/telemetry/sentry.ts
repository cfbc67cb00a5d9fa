import { createStackParser, createTransport, type Event, type StackParser } from "@sentry/core";
import { nodeStackLineParser, ServerRuntimeClient } from "@sentry/core/server";
import winston from "winston";
import Transport from "winston-transport";
import { type RootLogger, withStory } from "../logger.ts";

const TIMEOUT_MS = 3000;

/** What of a line's facts goes along. All others stay here: nobody knows what is in them. */
const TAGS = ["requestId", "generationId", "traceId", "job", "code"] as const;

interface Options {
  dsn: string;
  version: string;
  environment: string;
}

/** An error as the log has it, without secrets. */
interface ToldError {
  name?: string;
  message?: string;
  stack?: string;
}

type Line = Record<string, unknown> & { message: string; error?: ToldError };

const exceptionOf = ({ name, message, stack }: ToldError, parseStack: StackParser) => ({
  values: [
    { type: name ?? "Error", value: message, ...(stack && { stacktrace: { frames: parseStack(stack) } }) },
  ],
});

function eventOf(line: Line, parseStack: StackParser): Event {
  const { message, error, userId } = line;
  const tags = Object.fromEntries(
    TAGS.flatMap((name) => (typeof line[name] === "string" ? [[name, line[name]]] : [])),
  );
  return {
    level: "error",
    platform: "node",
    tags,
    ...(typeof userId === "string" && { user: { id: userId } }),
    ...(error ? { exception: exceptionOf(error, parseStack), logentry: { message } } : { message }),
  };
}

/** Each line of the log that tells of an error, as it is sent on. */
class ErrorLines extends Transport {
  readonly #send: (line: Line) => void;

  constructor(send: (line: Line) => void) {
    super({ level: "error", format: winston.format.combine(withStory()) });
    this.#send = send;
  }

  override log(line: Line, next: () => void): void {
    this.#send(line);
    next();
  }
}

/**
 * Sends every error of the log to Sentry: its message, stack and ids after the log's own redaction, and nothing of
 * requests. Of the library only the client and its queue are used; nothing is patched, no global is set.
 */
export function reportErrors(logger: RootLogger, { dsn, version, environment }: Options) {
  const parseStack = createStackParser(nodeStackLineParser());
  const client = new ServerRuntimeClient({
    dsn,
    release: `photo-to-3d@${version}`,
    environment,
    platform: "node",
    runtime: { name: "node", version: process.version },
    integrations: [],
    stackParser: parseStack,
    sendClientReports: false,
    traceLifecycle: "static",
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const sent = body as Uint8Array<ArrayBuffer> | string;
        const answer = await fetch(options.url, {
          method: "POST",
          headers: options.headers,
          body: sent,
          signal,
        });
        await answer.arrayBuffer();
        return {
          statusCode: answer.status,
          headers: {
            "x-sentry-rate-limits": answer.headers.get("x-sentry-rate-limits"),
            "retry-after": answer.headers.get("retry-after"),
          },
        };
      }),
  });
  client.init();
  const lines = new ErrorLines((line) => void client.captureEvent(eventOf(line, parseStack)));
  logger.add(lines);
  return {
    async dispose(): Promise<void> {
      logger.remove(lines);
      await client.close(TIMEOUT_MS);
    },
  };
}
