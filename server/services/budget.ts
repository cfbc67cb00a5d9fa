import { QueryTypes, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { KeySource, ProviderId } from "../contract/provider.ts";
import type { Records } from "../models/records.ts";
import type { Network } from "../providers/provider.ts";
import { budgetExceeded } from "./budget-words.ts";
import { expectedPrice } from "./prices.ts";

/** Bounds of a day (UTC); null is none. */
export interface DailyLimits {
  generations: number | null;
  roubles: number | null;
}

export type BudgetScope = "user" | "service";

/** For each user, and for all of them together. */
export type Budget = Record<BudgetScope, DailyLimits>;

/** What a day (or month) of one scope has taken: what is paid, what may be, and what is reserved. */
export interface Spent {
  generations: number;
  roubles: number;
}

export interface Today extends Record<BudgetScope, Spent> {
  /** Generations under way whose price nobody knows. */
  unpriced: Record<BudgetScope, number>;
  secondsToReset: number;
  /** The next midnight UTC. */
  resetsAt: Date;
}

const BUDGET_LOCK = 7_310_309_202;

interface Order {
  generationId: string;
  userId: string;
  /** Of the user's own key only the user's limits are asked. */
  keySource: KeySource;
  network: Network;
  preset: string | null;
  /** Number of the first attempt that it pays for. */
  firstAttempt: number;
}

/**
 * Lets one more paid generation into the day and puts its expected price by, or throws `budget-exceeded`. Callers in
 * other transactions wait for this one, so that the last place is given once; a transaction that fails gives it
 * back. What becomes of the reservation follows from the generation (see the migration that made `spendings`).
 */
export async function reserveBudget(
  records: Records,
  budget: Budget,
  { generationId, userId, keySource, network, preset, firstAttempt }: Order,
  transaction: Transaction,
): Promise<void> {
  const isLimited = Object.values(budget).some(
    ({ generations, roubles }) => generations !== null || roubles !== null,
  );
  if (isLimited)
    await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [BUDGET_LOCK], transaction });
  const price = await expectedPrice(records, network, preset, transaction);
  if (isLimited) {
    const today = await readToday(records, { provider: network.provider, userId }, transaction);
    for (const scope of scopesOf(keySource)) refuse(scope, budget[scope], today, price?.roubles ?? null);
  }
  await records.Spending.create(
    {
      id: newId(),
      generationId,
      userId,
      provider: network.provider,
      keySource,
      network: network.id,
      preset,
      firstAttempt,
      expectedRoubles: price && String(price.roubles),
    },
    { transaction },
  );
}

/** Whose limits work has to keep. */
export const scopesOf = (keySource: KeySource): readonly BudgetScope[] =>
  keySource === "own" ? ["user"] : ["user", "service"];

/** A network of which nobody knows the price runs one generation at a time while roubles are limited. */
function refuse(scope: BudgetScope, limits: DailyLimits, today: Today, price: number | null): void {
  const spent = today[scope];
  const { secondsToReset } = today;
  if (limits.generations !== null && spent.generations >= limits.generations) {
    throw budgetExceeded({ kind: "generations", scope, limit: limits.generations, secondsToReset });
  }
  if (limits.roubles === null) return;
  if (price === null && today.unpriced[scope] > 0)
    throw budgetExceeded({ kind: "unpriced", scope, secondsToReset: 60 });
  if (spent.roubles + (price ?? 0) > limits.roubles || spent.roubles >= limits.roubles) {
    const { roubles: used } = spent;
    throw budgetExceeded({ kind: "roubles", scope, limit: limits.roubles, used, price, secondsToReset });
  }
}

/** The database's day: begins at midnight UTC. */
const START = (unit: "day" | "month") => `date_trunc('${unit}', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`;

interface Whose {
  provider: ProviderId;
  userId: string;
}

export async function readToday(
  records: Records,
  { provider, userId }: Whose,
  transaction?: Transaction,
): Promise<Today> {
  const [row] = await records.sequelize.query<{
    number: number;
    roubles: number;
    userNumber: number;
    userRoubles: number;
    unpriced: number;
    userUnpriced: number;
    secondsToReset: number;
    resetsAt: Date;
  }>(
    `SELECT (count(*) FILTER (WHERE key_source = 'service'))::int AS number,
            coalesce(sum(roubles) FILTER (WHERE key_source = 'service'), 0)::float AS roubles,
            (count(*) FILTER (WHERE user_id = $2))::int AS "userNumber",
            coalesce(sum(roubles) FILTER (WHERE user_id = $2), 0)::float AS "userRoubles",
            (count(*) FILTER (WHERE state = 'reserved' AND expected_roubles IS NULL
                                AND key_source = 'service'))::int AS unpriced,
            (count(*) FILTER (WHERE state = 'reserved' AND expected_roubles IS NULL
                                AND user_id = $2))::int AS "userUnpriced",
            ${START("day")} + interval '1 day' AS "resetsAt",
            ceil(extract(epoch FROM ${START("day")} + interval '1 day' - now()))::int AS "secondsToReset"
       FROM spendings
      WHERE provider = $1 AND state <> 'released' AND created_at >= ${START("day")}`,
    { type: QueryTypes.SELECT, bind: [provider, userId], transaction },
  );
  return {
    service: { generations: row.number, roubles: row.roubles },
    user: { generations: row.userNumber, roubles: row.userRoubles },
    unpriced: { service: row.unpriced, user: row.userUnpriced },
    secondsToReset: row.secondsToReset,
    resetsAt: row.resetsAt,
  };
}

/** What a user has spent since the first of the month (UTC), with what is reserved. */
export async function readMonth(records: Records, { provider, userId }: Whose): Promise<Spent> {
  const [spent] = await records.sequelize.query<Spent>(
    `SELECT count(*)::int AS generations, coalesce(sum(roubles), 0)::float AS roubles FROM spendings
      WHERE provider = $1 AND user_id = $2 AND state <> 'released' AND created_at >= ${START("month")}`,
    { type: QueryTypes.SELECT, bind: [provider, userId] },
  );
  return spent;
}
