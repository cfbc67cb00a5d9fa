import fs from "node:fs";

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];
const FILES = ["sslrootcert", "sslcert", "sslkey"];

/**
 * A database URL whose TLS options mean to `pg-connection-string` what they mean to libpq
 * (https://www.postgresql.org/docs/current/libpq-ssl.html). `allow` is settled by `reachDatabase`, and is no TLS before
 * that; `no-verify`, of other programs, is `require`. Throws one sentence with the cure.
 */
export function asLibpqMeans(url: string): string {
  const meant = new URL(url);
  const params = meant.searchParams;
  const mode = params.get("sslmode");
  if (mode !== null && !MODES.includes(mode)) {
    throw new Error(
      `sslmode of the database's URL must be one of ${MODES.slice(0, -1).join(", ")}, not "${mode}".`,
    );
  }
  if (params.get("sslrootcert") === "system") {
    if (mode !== null && mode !== "verify-full") {
      throw new Error(`sslrootcert=system of the database's URL needs sslmode=verify-full, not ${mode}.`);
    }
    params.delete("sslrootcert");
    params.set("sslmode", "verify-full");
  }
  if (mode === "verify-ca" && !params.has("sslrootcert")) {
    throw new Error(
      "sslmode=verify-ca of the database's URL needs sslrootcert=FILE, the certificate of the authority to trust.",
    );
  }
  if (mode === "no-verify") {
    params.delete("sslrootcert");
    params.set("sslmode", "require");
  }
  if (mode === "allow") params.set("sslmode", "disable");
  for (const name of FILES) {
    const file = params.get(name);
    if (file) assertReadable(name, file);
  }
  return meant.href;
}

function assertReadable(name: string, file: string): void {
  try {
    fs.accessSync(file, fs.constants.R_OK);
  } catch (error) {
    throw new Error(
      `${name} of the database's URL names the file ${file}, which can't be read: ${(error as Error).message}. ` +
        "Correct the path, and let the user of this process read the file.",
    );
  }
}
