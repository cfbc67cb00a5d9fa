import { clientOptions } from "./connect.ts";
import { explainUnknownHost } from "./unknown-host.ts";

const CHECK = "Start it, and check DATABASE_URL (or PGHOST and so on) and the network.";

/** What the database, its driver or TLS say → what to do. Words of `pg`, which gives no codes, and of Node. */
const CURES: readonly { is: RegExp; cure: string }[] = [
  {
    is: /does not support SSL/,
    cure: "Turn TLS on there (ssl=on), or use sslmode=disable where nobody else can listen on the way.",
  },
  {
    is: /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    cure: "Give the certificate of the authority that signed the database's: sslrootcert=FILE in DATABASE_URL. Without it only sslmode=require works, which encrypts and does not check who answers.",
  },
  {
    is: /ALTNAME_INVALID/,
    cure: "Use the name that the database's certificate is for, or sslmode=verify-ca with sslrootcert=FILE, which does not compare names.",
  },
  {
    is: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    cure: "Renew the database's certificate, or set this machine's clock.",
  },
  {
    is: /28000.*no encryption/,
    cure: "The database takes encrypted connections only: add sslmode=require to DATABASE_URL.",
  },
  { is: /28P01|28000/, cure: "Correct user and password in DATABASE_URL (or PGUSER and PGPASSWORD)." },
  {
    is: /42501/,
    cure: "Make the user of DATABASE_URL the owner of the product's tables (REASSIGN OWNED), or give another user there.",
  },
  { is: /3D000/, cure: "Make that database (CREATE DATABASE), or correct its name in DATABASE_URL." },
];

/** Why a database could not be reached, and what to do; neither has the password in it. */
export function explainUnreachable(url: string, error: unknown): { message: string; cure: string } {
  const unknown = explainUnknownHost("DATABASE_URL", clientOptions(url).host ?? "", error);
  if (unknown) return unknown;
  const message = wordsOf(error).replace(/[^.]$/, "$&.");
  const code = codeOf(error);
  return { message, cure: CURES.find(({ is }) => is.test(`${code} ${message}`))?.cure ?? CHECK };
}

const codeOf = (error: unknown): string => {
  const { code, parent } = error as { code?: string; parent?: unknown };
  return code ?? (parent ? codeOf(parent) : "");
};

/** Node tries all addresses of a name, and says nothing itself where all fail. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join("; ");
  return error instanceof Error ? error.message : String(error);
}
