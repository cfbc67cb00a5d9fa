import pg from "pg";
import { clientOptions, HeardClient } from "../database/connect.ts";

/** As `pg_dump` sets them: what a text looks like must not depend on the server's or the role's settings. */
const SETTINGS = {
  client_encoding: "UTF8",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  timezone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  synchronize_seqscans: "off",
  standard_conforming_strings: "on",
  xmloption: "content",
  row_security: "off",
  check_function_bodies: "off",
  search_path: "",
  statement_timeout: "0",
  lock_timeout: "60s",
  idle_in_transaction_session_timeout: "0",
};

/**
 * A connection of its own with the settings of a dump. When `signal` fires it is cut, and whatever waits for it
 * fails; `end()` it in any case.
 */
export async function openSession(url: string, signal: AbortSignal): Promise<pg.Client> {
  signal.throwIfAborted();
  const client = new HeardClient({
    ...clientOptions(url),
    application_name: "photo-to-3d backup",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
  });
  const cut = () =>
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  signal.addEventListener("abort", cut, { once: true });
  client.once("end", () => signal.removeEventListener("abort", cut));
  try {
    await client.connect();
    for (const [name, value] of Object.entries(SETTINGS)) {
      await client.query("SELECT pg_catalog.set_config($1, $2, false)", [name, value]);
    }
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw signal.aborted ? signal.reason : error;
  }
}

/** Settings that a restore by hand needs, as SQL. */
export const settingsAsSql = (): string =>
  Object.entries(SETTINGS)
    .filter(([name]) => name !== "lock_timeout")
    .map(([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)};\n`)
    .join("");
