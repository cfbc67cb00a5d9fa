import fs from "node:fs";
import path from "node:path";

/** The account PostgreSQL runs under. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

const UNPRIVILEGED = ["postgres", "_postgres", "node", "nobody"];

/**
 * The account for a cluster folder: null means "the same as this process". PostgreSQL refuses to run as
 * root, so root hands over to the cluster's owner or, for a new one, to an existing unprivileged account;
 * it must be listed in /etc/passwd, because initdb looks its name up.
 */
export function chooseAccount(cluster: string, passwdFile = "/etc/passwd"): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readAccounts(passwdFile);
  const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid;
  if (owner) {
    return (
      accounts.find((account) => account.uid === owner) ?? { uid: owner, gid: owner, name: String(owner) }
    );
  }
  for (const name of UNPRIVILEGED) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account) return account;
  }
  throw new Error(
    "PostgreSQL does not run as root, and this machine has no account named postgres, node or nobody to run it as. " +
      "Start the product as an ordinary user, or set DATABASE_URL.",
  );
}

function readAccounts(passwdFile: string): Account[] {
  return fs
    .readFileSync(passwdFile, "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4 && Number(fields[2]) > 0)
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/** Whether the account may enter every folder above `target` and `target` itself, going by the mode bits. */
export function canReach(account: Account, target: string): boolean {
  const stat = fs.statSync(target);
  const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
  if ((stat.mode & bit) === 0) return false;
  const parent = path.dirname(target);
  return parent === target || canReach(account, parent);
}
