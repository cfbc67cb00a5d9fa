import {
  ChangeLogLevel,
  LOG_LEVELS,
  LogLevel,
  type LogLevelName,
  type LogLine,
  LogQuery,
  LogTail,
} from "../contract/logs.ts";
import { type Route, route } from "../http/route.ts";
import type { LoggedLine, LogTail as Tail } from "../log-tail.ts";
import type { Records } from "../models/records.ts";
import { chooseLogLevel } from "../services/system/log-level.ts";
import type { SystemState } from "../services/system/system-state.ts";

interface LogRouteDeps {
  records: Records;
  switches: SystemState;
  logs: { tail: Tail; level: { read(): LogLevel } };
}

const TAG = "Operations";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

const present = (line: LoggedLine): LogLine => {
  const { timestamp, level, message, requestId, generationId, userId, traceId, ...details } = line;
  return {
    timestamp,
    level: level as LogLevelName,
    message: String(message),
    requestId: text(requestId),
    generationId: text(generationId),
    userId: text(userId),
    traceId: text(traceId),
    details,
  };
};

/** A level and the graver ones. */
const upTo = (level: LogLevelName) => new Set<string>(LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1));

/** What the log says, and how much it says. */
export function logRoutes({ records, switches, logs }: LogRouteDeps): Route[] {
  const level = { description: "The level", schema: LogLevel };
  return [
    route({
      method: "get",
      path: "/api/system/logs",
      tag: TAG,
      summary: "The newest lines of the log of the process that answers",
      access: "admin",
      query: LogQuery,
      answers: { 200: { description: "The newest first", schema: LogTail } },
      handle({ query: { lines, level, q }, response }) {
        const found = logs.tail.newest({ lines, levels: level && upTo(level), q });
        response.set("Cache-Control", "no-store").json({ lines: found.map(present) });
      },
    }),
    route({
      method: "get",
      path: "/api/system/log-level",
      tag: TAG,
      summary: "How much is logged",
      access: "admin",
      answers: { 200: level },
      handle({ response }) {
        response.set("Cache-Control", "no-store").json(logs.level.read());
      },
    }),
    route({
      method: "put",
      path: "/api/system/log-level",
      tag: TAG,
      summary: "Choose at run time how much all replicas log",
      access: "admin",
      body: ChangeLogLevel,
      answers: { 200: level },
      async handle({ body, by, response }) {
        await chooseLogLevel({ records, switches }, body.level, by);
        response.json(logs.level.read());
      },
    }),
  ];
}
