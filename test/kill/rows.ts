import type { Observer } from "./observer.ts";

/** A generation when all work has ended. */
export interface GenerationRow {
  id: string;
  status: string;
  remoteIds: string[];
  photo: string;
  photoKey: string;
  modelId: string | null;
  /** Key of what came from the provider. */
  originalKey: string;
  /** The provider accepted it, as far as anybody knows. */
  isKnown: boolean;
  /** It was canceled, and what was paid for is kept. */
  isKept: boolean;
  confirmed: number;
  open: number;
  /** Passes through the provider that count as paid, and those that wait to be settled. */
  paid: number;
  reserved: number;
  error: { code: string } | null;
}

const GENERATIONS = `
  SELECT g.id, g.status, p.sha256 AS photo, p.key AS "photoKey", g.error,
    'models/' || g.reserved_model_id || '/original.glb' AS "originalKey", g.remote_id IS NOT NULL AS "isKnown",
    g.rescued_at IS NOT NULL AS "isKept",
    (SELECT count(*) FROM spendings s WHERE s.generation_id = g.id AND s.state IN ('charged', 'assumed'))::int AS paid,
    (SELECT count(*) FROM spendings s WHERE s.generation_id = g.id AND s.state = 'reserved')::int AS reserved,
    ARRAY(SELECT remote_id FROM generation_attempts a WHERE a.generation_id = g.id AND remote_id IS NOT NULL)
      AS "remoteIds",
    (SELECT id FROM models_3d m WHERE m.generation_id = g.id) AS "modelId",
    (SELECT count(*) FROM audit_log a WHERE a.subject_id = g.id
       AND a.action = 'generation.second-charge-accepted')::int AS confirmed,
    (SELECT count(*) FROM generation_attempts a WHERE a.generation_id = g.id AND a.state = 'open')::int AS open
  FROM generation_tasks g JOIN photos p ON p.id = g.photo_id ORDER BY g.created_at`;

/** Rows that name nothing that is there. */
const ORPHANS: Record<string, string> = {
  "a photo of no generation":
    "SELECT id FROM photos p WHERE NOT EXISTS (SELECT FROM generation_tasks WHERE photo_id = p.id)",
  "a model of no generation":
    "SELECT id FROM models_3d m WHERE NOT EXISTS (SELECT FROM generation_tasks WHERE id = m.generation_id)",
};

export async function readGenerations({ pool }: Observer): Promise<GenerationRow[]> {
  return (await pool.query<GenerationRow>(GENERATIONS)).rows;
}

export async function readFileKeys({ pool }: Observer): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>(
    "SELECT key FROM model_files UNION SELECT key FROM photos",
  );
  return rows.map(({ key }) => key);
}

export async function findOrphanRows({ pool }: Observer): Promise<string[]> {
  const violations: string[] = [];
  for (const [what, sql] of Object.entries(ORPHANS)) {
    const { rowCount } = await pool.query(sql);
    if (rowCount) violations.push(`Orphan rows: ${rowCount} times ${what}`);
  }
  return violations;
}
