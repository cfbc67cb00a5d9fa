import type { Sequelize } from "sequelize";
import type { Logger } from "../../logger.ts";
import { createReplicaClient, primaryPosition, UnfitReplica } from "./replica-client.ts";
import { createTrail } from "./trail.ts";

/** `unfit`: no standby of this database, which only operators can mend. */
export type ReplicaState = "fresh" | "behind" | "away" | "unfit";

/** A standby of the database, watched. */
export interface Replica {
  state(): ReplicaState;
  /** Where it is; null before it was reached once. */
  url(): string | null;
  /** Null while it is not known. */
  lagSeconds(): number | null;
  /** Whether it shows all up to this position of the log, and is behind by no more than it may be. */
  shows(lsn: number): Promise<boolean>;
  /** Whether the way to it was well: after failures nobody asks it for a while, longer each time. */
  noteRead(error?: unknown): void;
  /** All that the primary has written by now must be there first, as after a restore. */
  requireNow(): void;
  dispose(): Promise<void>;
}

interface Options {
  /** Its pool is only borrowed. */
  primary: Sequelize;
  url: string;
  maxLagSeconds: number;
  logger: Pick<Logger, "info" | "warn">;
}

const LONGEST_PACE_MS = 1000;
const PATIENCE_MS = 3000;
/** So long a list may wait to hear how far the replica is, instead of asking the primary. */
const GLANCE_MS = 250;
const LONGEST_REST_MS = 30_000;

/**
 * Looks at the replica once a second. Each look asks the primary how far it has written, then the replica how far it has
 * replayed: what reached the primary before the newest position that the replica has passed is visible there. So an idle
 * primary never looks like lag, no clock of another machine counts, and a look that hangs makes the replica old.
 */
export function watchReplica({ primary, url, maxLagSeconds, logger }: Options): Replica {
  const paceMs = Math.min(LONGEST_PACE_MS, (maxLagSeconds * 1000) / 4);
  const trail = createTrail();
  let identity = "";
  let fault: "away" | "unfit" | null = "away";
  /** Answers that were asked for before the connection broke don't count. */
  let era = 0;
  let looks = 0;
  /** The position that is required of it; null: where the primary is at the look of that number. */
  let required: number | null = null;
  let requiredBy = 1;
  let failures = 0;
  let restsUntil = 0;
  let told: ReplicaState | null = null;
  let looking: Promise<void> | null = null;
  let isDisposed = false;
  let timer: NodeJS.Timeout;

  const lose = (error?: unknown) => {
    era += 1;
    trail.forget();
    if (fault !== "unfit") fault = "away";
    tell(error);
  };
  const client = createReplicaClient(url, PATIENCE_MS, () => lose());

  function state(): ReplicaState {
    if (fault) return fault;
    if (performance.now() < restsUntil) return "away";
    const isThere = required !== null && trail.passed() >= required;
    return isThere && trail.ageMs() <= maxLagSeconds * 1000 ? "fresh" : "behind";
  }

  const lagSeconds = () => (fault ? null : trail.lagSeconds());

  function tell(error?: unknown): void {
    const now = state();
    if (now === told || isDisposed) return;
    told = now;
    if (now === "fresh") logger.info("Lists come from the read replica.");
    else {
      const facts = { state: now, lagSeconds: lagSeconds(), ...(error !== undefined && { error }) };
      logger.warn("Lists come from the primary database, not from the read replica.", facts);
    }
  }

  async function look(): Promise<void> {
    const at = performance.now();
    const number = looks;
    const beganIn = era;
    const position = await primaryPosition(primary).catch(() => null);
    // Where the primary is away there is nothing to compare with, and others tell of it.
    if (position === null) return;
    identity = position.identity;
    if (required === null && number >= requiredBy) required = position.lsn;
    trail.add({ at, lsn: position.lsn });
    const lsn = await client.position(identity);
    if (beganIn !== era) return;
    fault = null;
    trail.pass(lsn);
  }

  function lookOnce(): Promise<void> {
    looking ??= (async () => {
      looks += 1;
      try {
        await look();
        tell();
      } catch (error) {
        fault = error instanceof UnfitReplica ? "unfit" : "away";
        lose(error);
      } finally {
        looking = null;
      }
    })();
    return looking;
  }

  const goOn = () => {
    if (isDisposed) return;
    timer = setTimeout(() => void lookOnce().then(goOn), paceMs);
    timer.unref();
  };
  void lookOnce().then(goOn);

  return {
    state,
    url: client.url,
    lagSeconds,
    async shows(lsn) {
      if (state() !== "fresh") return false;
      if (trail.passed() >= lsn) return true;
      const beganIn = era;
      const glance = client.position(identity).then(
        (position) => {
          if (beganIn === era) trail.pass(position);
        },
        (error) => {
          if (beganIn === era) lose(error);
        },
      );
      const limit = Promise.withResolvers<void>();
      const patience = setTimeout(limit.resolve, GLANCE_MS);
      await Promise.race([glance, limit.promise]);
      clearTimeout(patience);
      return state() === "fresh" && trail.passed() >= lsn;
    },
    noteRead(error) {
      if (error === undefined) {
        failures = 0;
        return;
      }
      failures += 1;
      restsUntil = performance.now() + Math.min(LONGEST_REST_MS, 1000 * 2 ** (failures - 1));
      tell(error);
    },
    requireNow() {
      required = null;
      requiredBy = looks + 1;
    },
    async dispose() {
      isDisposed = true;
      clearTimeout(timer);
      await looking;
      await client.dispose();
    },
  };
}
