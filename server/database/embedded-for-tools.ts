import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { FolderBusyError } from "./embedded/folder-lock.ts";
import { readPostmaster } from "./embedded/postmaster-file.ts";
import { type EmbeddedPostgresOptions, embeddedUrl, startEmbeddedPostgres } from "./embedded.ts";

/** A borrower holds it shared; a tool that started the server waits to hold it alone before it stops it. */
const BORROWER_LOCK = 7_310_309_205;
const PATIENCE_MS = 15_000;

/**
 * For tools beside the product, such as `npm run migrate`: uses the server of the process that holds the folder,
 * and starts one only when nobody does. Several tools may overlap; the one that started the server stops it
 * after the last borrower has left. Rejects with FolderBusyError when the holder's server does not answer.
 */
export async function borrowEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<{ url: string; dispose(): Promise<void> }> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    try {
      const server = await startEmbeddedPostgres({ ...options, patienceMs: 0 });
      return {
        url: server.url,
        async dispose() {
          await untilBorrowersLeft(server.url);
          await server.dispose();
        },
      };
    } catch (error) {
      if (!(error instanceof FolderBusyError)) throw error;
      const borrowed = await tryBorrow(options.dataFolder);
      if (borrowed) return borrowed;
      if (Date.now() > deadline) throw error;
    }
  }
}

async function tryBorrow(dataFolder: string): Promise<{ url: string; dispose(): Promise<void> } | null> {
  let client: pg.Client | undefined;
  try {
    const running = readPostmaster(path.join(dataFolder, "cluster"));
    if (running?.status !== "ready") return null;
    const url = embeddedUrl(fs.readFileSync(path.join(dataFolder, "password"), "utf8"), running.port);
    client = await connect(url);
    const { rows } = await client.query("SELECT pg_try_advisory_lock_shared($1) AS lent", [BORROWER_LOCK]);
    const borrower = client;
    if (rows[0].lent) return { url, dispose: () => borrower.end() };
    await client.end();
  } catch {
    // The server is starting or stopping; the caller tries again and reports in the end.
    await client?.end().catch(() => {});
  }
  return null;
}

/** Resolves when nobody borrows the server; from then on nobody can. */
async function untilBorrowersLeft(url: string): Promise<void> {
  const client = await connect(url);
  await client.query("SELECT pg_advisory_lock($1)", [BORROWER_LOCK]);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "photo-to-3d tool" });
  // The stopping server cuts this connection; whoever uses the server sees that on its own connection.
  client.on("error", () => {});
  await client.connect();
  return client;
}
