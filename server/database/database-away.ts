import { ConnectionError, DatabaseError } from "sequelize";

/**
 * SQLSTATEs of a server that can't serve now, whatever was asked of it: connection exceptions, too many
 * connections, a transaction that it ended, operator intervention. Source:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const AWAY_STATE = /^(08|53300|25P0[34]|57014|57P0)/;
const AWAY_SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Words of `pg` and its pool, which give no codes. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (was closed|has encountered a connection error) and is not queryable)/;

/**
 * Whether a call of the database failed because there was no connection or it was lost on the way. What was to be
 * written may have been written all the same.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (error instanceof DatabaseError) return isDatabaseAway(error.parent);
  if (!(error instanceof Error)) return false;
  const { code, message, severity } = error as Error & { code?: string; severity?: string };
  if (severity !== undefined) return AWAY_STATE.test(code ?? "");
  return AWAY_SYSTEM.has(code ?? "") || AWAY_WORDS.test(message);
}
