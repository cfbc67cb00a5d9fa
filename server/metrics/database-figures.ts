import { Counter, Gauge, type Registry } from "prom-client";
import { QueryTypes, type Sequelize } from "sequelize";
import type { Logger } from "../logger.ts";
import { alertFigures } from "./figures/alerts.ts";
import { attemptFigures, confirmationFigures, unknownFigures } from "./figures/attempts.ts";
import { backupRunFigures, lastBackupFigures } from "./figures/backups.ts";
import type { Figure, FigureSource } from "./figures/figure.ts";
import { generationFigures, recentFigures } from "./figures/generations.ts";
import { limitFigures, pauseFigures } from "./figures/limits.ts";
import { budgetFigures, moneyFigures } from "./figures/money.ts";
import { pollFigures } from "./figures/polls.ts";
import { jobFigures, queuedFigures } from "./figures/queues.ts";
import { webhookEndpointFigures, webhookFigures } from "./figures/webhooks.ts";

const SOURCES = [
  attemptFigures,
  unknownFigures,
  confirmationFigures,
  generationFigures,
  recentFigures,
  queuedFigures,
  jobFigures,
  pollFigures,
  limitFigures,
  pauseFigures,
  moneyFigures,
  budgetFigures,
  webhookFigures,
  webhookEndpointFigures,
  lastBackupFigures,
  backupRunFigures,
  alertFigures,
] as unknown as FigureSource[];

/** However often someone scrapes, the database is asked once in this time. */
const FRESH_MS = 2000;
/** Sums over all generations grow with their number: reading takes a fiftieth of the time at most. */
const REST_FACTOR = 50;
const LONGEST_REST_MS = 60_000;
const TIMEOUT_MS = 3000;

type Rows = Map<FigureSource, never[]>;

/**
 * Metrics whose truth is in the database, so that restarts and replicas don't matter; each replica reports the same
 * figures. While the database is away they are left out and `photo_to_3d_database_up` is 0.
 */
export function databaseFigures(registry: Registry, deps: { sequelize: Sequelize; logger: Logger }): void {
  const read = latestRows(deps);
  for (const source of SOURCES) {
    for (const figure of source.figures) register(registry, figure, async () => (await read())?.get(source));
  }
  new Gauge({
    name: "photo_to_3d_database_up",
    help: "1 where the database answered the questions of this scrape in time, otherwise 0.",
    registers: [registry],
    async collect() {
      this.set((await read()) ? 1 : 0);
    },
  });
}

function register(
  registry: Registry,
  { type, name, help, labelNames, samples }: Figure<never>,
  rows: () => Promise<never[] | undefined>,
): void {
  const Metric = type === "counter" ? Counter : Gauge;
  new Metric({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const found = await rows();
      this.reset();
      if (labelNames.length === 0) this.remove();
      for (const { labels, value } of found ? samples(found) : []) this.inc(labels, value);
    },
  });
}

/** The rows of all sources, read together and kept a moment; null where the database doesn't answer in time. */
function latestRows(deps: { sequelize: Sequelize; logger: Logger }): () => Promise<Rows | null> {
  let known: { rows: Rows | null; until: number } | null = null;
  let reading: Promise<Rows | null> | null = null;

  const read = async (): Promise<Rows | null> => {
    const startedAt = performance.now();
    const rows = await readAll(deps);
    const now = performance.now();
    const rest = rows ? Math.min(LONGEST_REST_MS, REST_FACTOR * (now - startedAt)) : 0;
    known = { rows, until: now + Math.max(FRESH_MS, rest) };
    reading = null;
    return rows;
  };

  return async () => {
    if (known && performance.now() < known.until) return known.rows;
    reading ??= read();
    return Promise.race([reading, afterTimeout()]);
  };
}

async function readAll({
  sequelize,
  logger,
}: {
  sequelize: Sequelize;
  logger: Logger;
}): Promise<Rows | null> {
  try {
    return await sequelize.transaction({ readOnly: true }, async (transaction) => {
      await sequelize.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`, { transaction });
      const rows: Rows = new Map();
      for (const source of SOURCES) {
        const found = await sequelize.query(source.sql, { type: QueryTypes.SELECT, transaction });
        rows.set(source, found as never[]);
      }
      return rows;
    });
  } catch (error) {
    logger.warn("The figures for monitoring could not be read", { error });
    return null;
  }
}

const afterTimeout = () => new Promise<null>((resolve) => setTimeout(resolve, TIMEOUT_MS, null).unref());
