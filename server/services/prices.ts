import { QueryTypes, type Transaction } from "sequelize";
import { PRESETS, type Preset, type Price } from "../contract/provider.ts";
import type { Records } from "../models/records.ts";
import type { Network } from "../providers/provider.ts";

/** How many of the newest costs make the expected price. */
const COSTS = 5;

/** The median of the newest costs of a network, roubles, without what failed on the way: `of` with this preset, `any` with whichever. */
interface RecentCosts {
  of: number | null;
  any: number | null;
}

async function readRecentCosts(
  records: Records,
  { provider, id }: Network,
  preset: string | null,
  transaction?: Transaction,
): Promise<RecentCosts> {
  const median = (where: string) =>
    `(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cost) FROM
       (SELECT s.cost FROM spendings s JOIN generation_tasks g ON g.id = s.generation_id AND g.status <> 'failed'
         WHERE s.provider = $1 AND s.network = $2 AND s.cost > 0 ${where}
         ORDER BY s.created_at DESC LIMIT ${COSTS}) AS newest)`;
  const [costs] = await records.sequelize.query<RecentCosts>(
    `SELECT ${median("AND s.preset IS NOT DISTINCT FROM $3::text")} AS of, ${median("")} AS any`,
    { type: QueryTypes.SELECT, bind: [provider, id, preset], transaction },
  );
  return costs;
}

/**
 * What one more model of a network is expected to cost: by what the same preset cost lately, else by the settings,
 * else by what the network cost lately, else by the catalogue's guess; null where nothing is known.
 */
export async function expectedPrice(
  records: Records,
  network: Network,
  preset: string | null,
  transaction?: Transaction,
): Promise<Price | null> {
  if (network.guessedRoubles === 0) return { roubles: 0, source: "free" };
  const { of, any } = await readRecentCosts(records, network, preset, transaction);
  const set = network.setRoubles?.[(preset ?? "any") as Preset] ?? network.setRoubles?.any ?? null;
  if (of !== null) return { roubles: of, source: "recent" };
  if (set !== null) return { roubles: set, source: "setting" };
  if (any !== null) return { roubles: any, source: "recent" };
  return network.guessedRoubles === null ? null : { roubles: network.guessedRoubles, source: "guess" };
}

/** The expected price of each preset. */
export async function presetPrices(
  records: Records,
  network: Network,
): Promise<Record<string, Price | null>> {
  const prices = await Promise.all(PRESETS.map((preset) => expectedPrice(records, network, preset)));
  return Object.fromEntries(PRESETS.map((preset, index) => [preset, prices[index]]));
}
