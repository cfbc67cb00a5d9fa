import { QueryTypes } from "sequelize";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import { audit, SERVER } from "../audit.ts";

interface Deps {
  records: Records;
  logger: Pick<Logger, "info">;
}

interface Removed {
  id: string;
  ownerId: string;
}

const BATCH = 100;

/** Models that nobody changed since, with the generation they came from; links to them end with them. */
const OLD_MODELS = `
  WITH old AS (
    SELECT id FROM models_3d WHERE updated_at < now() - $1::int * interval '1 day'
     ORDER BY updated_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM models_3d USING old WHERE models_3d.id = old.id
    RETURNING models_3d.id, user_id, generation_id, photo_id),
  origins AS (DELETE FROM generation_tasks USING gone WHERE generation_tasks.id = gone.generation_id),
  files AS (
    INSERT INTO files_to_erase (kind, id)
      SELECT 'model', id FROM gone UNION SELECT 'photo', photo_id FROM gone WHERE photo_id IS NOT NULL
    ON CONFLICT DO NOTHING)
  SELECT id, user_id AS "ownerId" FROM gone`;

/** Work that ended without a model. What still runs, or waits for somebody's decision, stays however old it is. */
const OLD_GENERATIONS = `
  WITH old AS (
    SELECT g.id FROM generation_tasks g
     WHERE status IN ('succeeded', 'failed', 'canceled') AND wake_at IS NULL
       AND greatest(finished_at, updated_at) < now() - $1::int * interval '1 day'
       AND NOT EXISTS (SELECT FROM models_3d m WHERE m.generation_id = g.id)
       AND NOT EXISTS (SELECT FROM generation_attempts a WHERE a.generation_id = g.id AND a.state = 'open')
     ORDER BY finished_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM generation_tasks USING old WHERE generation_tasks.id = old.id
    RETURNING generation_tasks.id, user_id, photo_id, reserved_model_id),
  files AS (
    INSERT INTO files_to_erase (kind, id)
      SELECT 'model', reserved_model_id FROM gone UNION SELECT 'photo', photo_id FROM gone
    ON CONFLICT DO NOTHING)
  SELECT id, user_id AS "ownerId" FROM gone`;

/**
 * Deletes for ever what was not changed for so many days by the database's clock: models, also from the trash, with
 * their files, links and photos, and ended generations without a model. Each is put on record as the server's deed.
 */
export async function applyRetention(deps: Deps, days: number): Promise<number> {
  const models = await removeAll(deps, OLD_MODELS, "model.removed", days);
  const generations = await removeAll(deps, OLD_GENERATIONS, "generation.deleted", days);
  if (models + generations > 0)
    deps.logger.info("Deleted what is past its retention", { models, generations });
  return models + generations;
}

async function removeAll(
  { records }: Deps,
  sql: string,
  action: "model.removed" | "generation.deleted",
  days: number,
): Promise<number> {
  for (let total = 0; ; ) {
    const count = await records.sequelize.transaction(async (transaction) => {
      const gone = await records.sequelize.query<Removed>(sql, {
        type: QueryTypes.SELECT,
        bind: [days],
        transaction,
      });
      for (const { id, ownerId } of gone) {
        const details = { because: "retention", days, ownerId };
        await audit(records, { action, subjectId: id, details, by: SERVER }, transaction);
      }
      return gone.length;
    });
    total += count;
    if (count < BATCH) return total;
  }
}
