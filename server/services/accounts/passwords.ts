import { randomBytes } from "node:crypto";
import os from "node:os";
import { hash, parseOptions, verify } from "@node-rs/argon2";
import { createTurns } from "./turns.ts";

/** Argon2id, the library's default. Source: OWASP Password Storage Cheat Sheet, its second configuration. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One core stays free for the event loop; 50 that wait take some two seconds. */
const AT_ONCE = Math.max(1, Math.min(2, os.availableParallelism() - 1));
const WAITING = 50;

export interface Passwords {
  /** @throws AppError `overloaded` */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is right. Without a hash (no such account) it takes the same time and is wrong.
   * @throws AppError `overloaded`
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether a hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean;
}

/** The same letters may be typed in several ways. Source: NIST SP 800-63B, 5.1.1.2 */
const normalized = (password: string) => password.normalize("NFKC");

export function createPasswords(): Passwords {
  const inTurn = createTurns({ atOnce: AT_ONCE, waiting: WAITING });
  const nobodys = hash(randomBytes(16), PARAMETERS);
  return {
    hash: (password) => inTurn(() => hash(normalized(password), PARAMETERS)),
    verify: (kept, password) =>
      inTurn(async () => (await verify(kept ?? (await nobodys), normalized(password))) && kept !== null),
    isOutdated(kept) {
      const { memoryCost, timeCost, parallelism } = parseOptions(kept);
      return (
        memoryCost !== PARAMETERS.memoryCost ||
        timeCost !== PARAMETERS.timeCost ||
        parallelism !== PARAMETERS.parallelism
      );
    },
  };
}
