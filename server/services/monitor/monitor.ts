import { v7 as newId } from "uuid";
import { MONITORED_SERVICES } from "../../contract/monitor.ts";
import type { Logger } from "../../logger.ts";
import type { AlertState } from "../../models/alert.ts";
import { addSamples, type HealthSample, thinSamples } from "../../models/health-samples.ts";
import { claimLease, releaseLease } from "../../models/monitor-lease.ts";
import type { Records } from "../../models/records.ts";
import { createAlertBook } from "./alert-book.ts";
import { removeOldAlerts } from "./alert-log.ts";
import { alertText } from "./alert-texts.ts";
import { createJudge } from "./judge.ts";
import { deliverNotices, type Notifier } from "./notify.ts";
import { type Look, RULES, type Thresholds } from "./rules.ts";

interface Deps {
  records: Records;
  logger: Logger;
  measure: () => Promise<Look>;
  notifier: Notifier;
  thresholds: Thresholds;
  /** A process that has not looked for so long is no longer the one that monitors. */
  leaseSeconds: number;
  retentionDays: number;
  /** Machine and process, for people. */
  name: string;
  now: () => Date;
  /** Process id of a session of the database that lasts as long as this process; null where there is none. */
  session?: () => number | null;
  /** Whether other processes are there that see more, and should monitor. */
  isLeftToOthers?: () => Promise<boolean>;
  /** How long a look waits for the database, which may be what is away. */
  patienceMs?: number;
}

export interface Monitor {
  /** One look, if this process is the one that monitors; what fails on the way is logged and tried with the next. */
  look(): Promise<"looked" | "left to another">;
  /** Looks now, whoever monitors, and keeps what it saw; raises nothing. */
  check(): Promise<HealthSample[]>;
  /** Lets another process monitor at once. */
  release(): Promise<void>;
}

const PATIENCE_MS = 5000;
/** Looks that are kept while the database is away: some hours of them. */
const MOST_UNSAVED = 6 * 720;
const THIN_EVERY_MS = 3_600_000;

/**
 * Looks at all services, keeps what it saw and raises alerts. Of all processes the one with the lease does so; while
 * the database is away the one that had it goes on, and writes down later what it saw.
 */
export function createMonitor(deps: Deps): Monitor {
  const { records, logger, measure, notifier, now, patienceMs = PATIENCE_MS } = deps;
  const holder = newId();
  const book = createAlertBook({ records, channels: notifier.channels });
  const judge = createJudge(RULES, deps.thresholds);
  let isOurs = false;
  let unsaved: HealthSample[] = [];
  let thinnedAt = -Infinity;

  /** Undefined where the database doesn't do it in time. */
  async function inDatabase<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(new Error(`No answer within ${patienceMs} ms`)), patienceMs);
    try {
      return await Promise.race([work(), limit.promise]);
    } catch (error) {
      logger.warn("The monitor could not use the database", { what, error });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  const claim = () =>
    inDatabase("claim", () =>
      claimLease(records, {
        holder,
        name: deps.name,
        seconds: deps.leaseSeconds,
        session: deps.session?.(),
      }),
    );

  const save = () => inDatabase("alerts", () => book.save().then(() => true));

  async function saveSamples(): Promise<void> {
    const samples = unsaved;
    if (await inDatabase("samples", () => addSamples(records, samples).then(() => true))) {
      unsaved = unsaved.slice(samples.length);
    }
    unsaved = unsaved.slice(-MOST_UNSAVED);
  }

  async function removeOld(): Promise<void> {
    if (performance.now() - thinnedAt < THIN_EVERY_MS) return;
    thinnedAt = performance.now();
    const { retentionDays } = deps;
    const past = { services: MONITORED_SERVICES, now: now(), retentionDays };
    await thinSamples(records, past).catch((error) =>
      logger.warn("Old looks could not be removed", { error }),
    );
    await removeOldAlerts(records, past).catch((error) =>
      logger.warn("Old alerts could not be removed", { error }),
    );
  }

  function log(about: "opened" | "resolved", alerts: AlertState[]): void {
    for (const alert of alerts) {
      const { key, severity, value, threshold, unit } = alert;
      const text = alertText(key).title.en;
      const facts = { alert: key, severity, value, threshold, unit };
      if (about === "resolved") logger.warn(`Alert over: ${text}`, facts);
      else logger[severity === "critical" ? "error" : "warn"](`Alert: ${text}`, facts);
    }
  }

  async function judgeLook(look: Look, hasDatabase: boolean): Promise<void> {
    const changes = book.apply(judge(look, book.open()), now());
    log("opened", changes.opened);
    log("resolved", changes.resolved);
    if (hasDatabase && (changes.opened.length > 0 || changes.resolved.length > 0)) await save();
    if (book.pending(now()).length === 0) return;
    // What took long may have lost the lease meanwhile, and another process tells it.
    if (hasDatabase && (await claim()) === false) return;
    await deliverNotices({ book, notifier, logger, now });
    if (hasDatabase) await save();
  }

  async function release(): Promise<void> {
    if (isOurs) await inDatabase("release", () => releaseLease(records, holder));
    isOurs = false;
  }

  return {
    async look() {
      if (deps.isLeftToOthers && (await inDatabase("presence", deps.isLeftToOthers))) {
        await release();
        return "left to another";
      }
      const claimed = await claim();
      const hasDatabase = claimed !== undefined;
      if (hasDatabase) {
        // Also who has lost the lease writes down what it raised while the database was away, until it is written.
        const isSaved = await save();
        isOurs = claimed;
        // What a busy database has not taken yet would be forgotten, raised again and told again.
        if (claimed && isSaved) await inDatabase("alerts", () => book.load(now()));
      }
      if (!isOurs) return "left to another";
      const look = await measure();
      unsaved.push(...Object.values(look));
      await judgeLook(look, hasDatabase);
      if (hasDatabase) {
        await saveSamples();
        await removeOld();
      }
      return "looked";
    },
    async check() {
      const samples = Object.values(await measure());
      await addSamples(records, samples);
      return samples;
    },
    release,
  };
}
