import { isIP } from "node:net";
import path from "node:path";
import type { Settings } from "./settings.ts";

/** The built-in PostgreSQL, or one that others can reach too. */
export type DatabasePlace = { kind: "embedded"; dataFolder: string } | { kind: "url"; url: string };

/** @throws one sentence that names the setting and the cure. */
export function parseDatabase(s: Settings, dataFolder: string): DatabasePlace {
  if (s.DATABASE_URL && s.PGHOST) {
    throw new Error("Both DATABASE_URL and PGHOST are set. Keep one of them.");
  }
  if (s.DATABASE_URL) return { kind: "url", url: s.DATABASE_URL };
  if (s.PGHOST) return { kind: "url", url: urlOfParts(s, s.PGHOST) };
  if (s.ROLE !== "all") {
    throw new Error(
      `ROLE is ${s.ROLE}, but the built-in database is for one process alone. Set DATABASE_URL to a PostgreSQL that ` +
        "all processes reach, or leave ROLE unset.",
    );
  }
  return { kind: "embedded", dataFolder: path.join(dataFolder, "postgres") };
}

function urlOfParts(s: Settings, given: string): string {
  const host = isIP(given) === 6 ? `[${given}]` : given;
  if (!/^[\w.-]+$|^\[/.test(host)) {
    throw new Error(
      `PGHOST must be the name or the address of a computer, without a port, not "${given}". For a socket use ` +
        "DATABASE_URL=postgres://user@localhost/name?host=/folder.",
    );
  }
  const url = new URL(`postgres://${host}:${s.PGPORT}/${encodeURIComponent(s.PGDATABASE ?? "photo_to_3d")}`);
  url.username = encodeURIComponent(s.PGUSER ?? "postgres");
  url.password = encodeURIComponent(s.PGPASSWORD ?? "");
  return url.href;
}
