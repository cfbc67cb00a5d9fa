import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";
import type { Writable } from "node:stream";
import winston from "winston";
import type { Config } from "./config.ts";
import { LogTail } from "./log-tail.ts";
import { redact } from "./redact.ts";

/** What every line of one story carries. */
export interface Story {
  requestId?: string;
  generationId?: string;
  /** Whose work it is: of a request its caller, of a job the owner of the generation. */
  userId?: string;
  /** Id of the trace that it belongs to, where traces are sent. */
  traceId?: string;
  job?: string;
}

const stories = new AsyncLocalStorage<Story>();

/** Runs `work` so that every log line in it, however deep, carries `story`. */
export function inStory<T>(story: Story, work: () => T): T {
  return stories.run({ ...stories.getStore(), ...story }, work);
}

/** What has turned out about this story; its further lines carry it. Outside of one nothing happens. */
export function tellStory(more: Story): void {
  Object.assign(stories.getStore() ?? {}, more);
}

/** Adds the story to a line and takes the secrets out of it. */
export const withStory = winston.format((info) =>
  Object.assign(info, redact({ ...info, ...stories.getStore() })),
);

const readable = winston.format.printf(({ timestamp, level, message, ...rest }) => {
  const { stack, ...error } = (rest.error ?? {}) as { stack?: string; message?: string };
  const facts = Object.entries({ ...rest, error: error.message })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const line = [String(timestamp).slice(11, 19), level.padEnd(5), message, ...facts].join(" ");
  return stack && level === "error" ? `${line}\n${stack}` : line;
});

const MEBIBYTE = 1024 ** 2;

/** Until a file that could not be written is tried again. */
const REOPEN_MS = 10_000;

interface FileStreams {
  _createStream(source: unknown): Writable;
  _endStream(done?: () => void): void;
}
const { _createStream, _endStream } = winston.transports.File.prototype as unknown as FileStreams;

/**
 * winston keeps the errors of the stream behind a file to itself (its file.js: "What should we do with errors here?").
 * And it takes a full file off while lines are being read for it: those would go nowhere, some 16 at each rotation.
 */
class CandidFile extends winston.transports.File {
  onBroken: (error: Error) => void = () => {};

  _createStream(source: unknown): Writable {
    return _createStream.call(this, source).once("error", (error) => this.onBroken(error));
  }

  _endStream(done?: () => void): void {
    setImmediate(() => _endStream.call(this, done));
  }
}

/**
 * Adds a rotating file to a logger. One that can't be written (a full disk) costs its own lines: winston would hold
 * up the whole logger behind it, so it goes, and comes back after a while.
 */
function addFile(logger: winston.Logger, options: winston.transports.FileTransportOptions): void {
  const file = new CandidFile({ maxsize: 10 * MEBIBYTE, maxFiles: 5, tailable: true, ...options });
  file.onBroken = (error) => {
    console.error(`The log could not be written: ${error.message}`);
    // What it still holds must not reach its stream, which ends with the removal.
    file.silent = true;
    logger.remove(file);
    setTimeout(() => addFile(logger, options), REOPEN_MS).unref();
  };
  logger.add(file);
}

/** JSON or readable lines on the console; with a folder also rotating `error.log` and `combined.log` there. */
export function createLogger(log: Config["log"]): winston.Logger {
  const common = winston.format.combine(withStory(), winston.format.timestamp());
  const format = winston.format.combine(common, winston.format.json());
  const shown = log.json ? format : winston.format.combine(common, readable);
  const logger = winston.createLogger({
    level: log.level,
    transports: [new winston.transports.Console({ format: shown }), new LogTail({ format })],
  });
  logger.on("error", (error) => console.error(`The log could not be written: ${error.message}`));
  if (log.folder) {
    addFile(logger, { filename: path.join(log.folder, "error.log"), level: "error", format });
    addFile(logger, { filename: path.join(log.folder, "combined.log"), format });
  }
  return logger;
}

/** The newest lines of a logger that `createLogger` made, and of any other from now on. */
export function tailOf(logger: winston.Logger): LogTail {
  const known = logger.transports.find((transport) => transport instanceof LogTail);
  if (known) return known;
  const format = winston.format.combine(withStory(), winston.format.timestamp(), winston.format.json());
  const tail = new LogTail({ format });
  logger.add(tail);
  return tail;
}

/** The root of all lines. */
export type RootLogger = winston.Logger;
export type Logger = Pick<winston.Logger, "error" | "warn" | "info" | "debug">;
