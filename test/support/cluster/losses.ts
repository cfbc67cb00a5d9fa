import type { Model } from "../../../server/contract/model.ts";
import { sha256Of } from "../sha256.ts";
import { until } from "../until.ts";
import type { Cluster } from "./cluster.ts";
import type { Member } from "./member.ts";
import type { Traffic } from "./traffic.ts";

/** More than a lost answer of a provider is waited for. */
const PATIENCE_MS = 20 * 60_000;

interface Row {
  id: string;
  status: string;
  photo: string;
  models: number;
  /** How often a person said yes to a second charge. */
  confirmed: number;
}

const ROWS = `SELECT g.id, g.status, p.sha256 AS photo,
    (SELECT count(*)::int FROM models_3d m WHERE m.generation_id = g.id) AS models,
    (SELECT count(*)::int FROM audit_log a WHERE a.subject_id = g.id
       AND a.action = 'generation.second-charge-accepted') AS confirmed
  FROM generation_tasks g JOIN photos p ON p.id = g.photo_id`;

const UNDER_WAY = `SELECT id, status, stage, attempts, error->>'code' AS error, updated_at FROM generation_tasks
  WHERE finished_at IS NULL ORDER BY created_at`;

/**
 * Waits until no generation is under way any more; throws what is left when that doesn't come. Where a server died with
 * a paid submit in hand, nobody can know whether it was accepted: `confirm` is asked then, after some minutes.
 */
export async function untilAllEnded(
  { pool }: Cluster,
  confirm?: (id: string) => Promise<void>,
): Promise<void> {
  let left: { id: string; status: string }[] = [];
  const haveEnded = async () => {
    left = (await pool.query(UNDER_WAY)).rows;
    for (const { id, status } of left) if (status === "needs-confirmation") await confirm?.(id);
    return left.length === 0;
  };
  const patience = confirm && { patienceMs: PATIENCE_MS };
  await until("all generations have ended", haveEnded, patience).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(left, null, 1)}`);
  });
}

/** Waits until those who follow the events know the end of everything that was accepted. */
export const untilTold = ({ accepted, finished }: Traffic) =>
  until("the events told of all", () => accepted.every((id) => finished.has(id)));

/**
 * What must not be, in sentences: an accepted generation that is gone or came to no good end, anything that was made or
 * paid for twice, a file that is not what was promised. To be asked when all has ended.
 */
export async function findLosses(cluster: Cluster, traffic: Traffic, member: Member): Promise<string[]> {
  const { pool, fake, replicas } = cluster;
  const losses: string[] = [];
  const rows = (await pool.query<Row>(ROWS)).rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const id of traffic.accepted) {
    const row = byId.get(id);
    if (!row) losses.push(`The generation ${id} was accepted and is gone`);
    else if (row.status !== "succeeded") losses.push(`The generation ${id} ended as ${row.status}`);
  }
  for (const { id, models } of rows)
    if (models !== 1) losses.push(`The generation ${id} has ${models} models`);
  const perPhoto = Map.groupBy(rows, ({ photo }) => photo);
  for (const [photo, made] of perPhoto) {
    if (made.length > 1) losses.push(`The upload of ${photo} was accepted ${made.length} times`);
  }
  for (const [photo, creates] of fake.createsPerPhoto()) {
    const most = 1 + (perPhoto.get(photo)?.[0].confirmed ?? 0);
    if (creates > most) losses.push(`The photo ${photo} was paid for ${creates} times`);
  }
  if (new Set(traffic.accepted).size !== traffic.accepted.length)
    losses.push("Two uploads got one generation");
  for (const [turn, { id }] of rows.entries()) {
    losses.push(...(await fileLosses(replicas[turn % replicas.length].url, id, member)));
  }
  return losses;
}

/** The photo and each file of the model, read from this replica. */
async function fileLosses(origin: string, id: string, member: Member): Promise<string[]> {
  const losses: string[] = [];
  const { modelId, photo } = await member.json<{ modelId: string | null; photo: { url: string } }>(
    `${origin}/api/v1/generations/${id}`,
  );
  const shown = await member.fetch(origin + photo.url);
  if (!shown.ok || (await shown.arrayBuffer()).byteLength === 0) losses.push(`The photo of ${id} is lost`);
  if (!modelId) return losses;
  const { files } = await member.json<Model>(`${origin}/api/v1/models/${modelId}`);
  for (const [kind, file] of Object.entries(files)) {
    if (!file?.sha256) continue;
    const response = await member.fetch(origin + file.url);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok || sha256Of(bytes) !== file.sha256) losses.push(`${kind} of ${id} is lost or changed`);
  }
  return losses;
}
