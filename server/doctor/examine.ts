import type { Check, Finding, Patient } from "./check.ts";
import { accounts } from "./checks/accounts.ts";
import { backups } from "./checks/backups.ts";
import { cache } from "./checks/cache.ts";
import { clock } from "./checks/clock.ts";
import { database } from "./checks/database.ts";
import { disk } from "./checks/disk.ts";
import { mail } from "./checks/mail.ts";
import { port } from "./checks/port.ts";
import { processes } from "./checks/processes.ts";
import { provider } from "./checks/provider.ts";
import { readReplica } from "./checks/read-replica.ts";
import { redis } from "./checks/redis.ts";
import { sealed } from "./checks/sealed.ts";
import { secrets } from "./checks/secrets.ts";
import { settings } from "./checks/settings.ts";
import { storage } from "./checks/storage.ts";
import { tokens } from "./checks/tokens.ts";

/** Every check, in the order of the report. A new one is a file and a line here. */
const CHECKS: readonly Check[] = [
  settings,
  secrets,
  database,
  readReplica,
  redis,
  cache,
  processes,
  clock,
  sealed,
  storage,
  disk,
  backups,
  accounts,
  tokens,
  mail,
  provider,
  port,
];

/** A finding with the part that it is about. */
export type Reported = Finding & { check: string };

/** All findings; a check that fails is a problem itself, and keeps no other from running. */
export async function examine(patient: Patient, checks = CHECKS): Promise<Reported[]> {
  const reports = await Promise.all(
    checks.map(async ({ name, run }) => {
      const found = await Promise.resolve()
        .then(() => run(patient))
        .catch((error): Finding[] => [
          {
            status: "problem",
            message: `It could not be looked at: ${error instanceof Error ? error.message : error}`,
            cure: "Put right what is said above it, and run this again.",
          },
        ]);
      return found.map((finding) => ({ check: name, ...finding }));
    }),
  );
  return reports.flat();
}
