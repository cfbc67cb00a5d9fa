import type pg from "pg";
import type { FakeGenapi } from "./fake-genapi/fake-genapi.ts";

/** Brings work into the fake as another process would; answers the remote id. */
export async function createRemotely(fake: FakeGenapi): Promise<string> {
  const form = new FormData();
  form.set("image_url", new Blob([crypto.randomUUID()]), "photo.jpg");
  const response = await fetch(`${fake.url}/api/v1/networks/trellis`, {
    method: "POST",
    headers: { Authorization: `Bearer ${fake.key}` },
    body: form,
  });
  const { request_id } = (await response.json()) as { request_id: number };
  return String(request_id);
}

/** Seconds from now, by the database's clock. */
export interface RemoteWork {
  remoteIds: string[];
  dueIn?: number;
  deadlineIn?: number;
  startedAgo?: number;
  status?: "processing" | "canceled" | "succeeded";
}

/** Writes down generations that a provider has in hand, as if other processes had sent them; answers their ids. */
export async function insertRemoteWork(client: pg.Client, work: RemoteWork): Promise<string[]> {
  const { remoteIds, dueIn = 0, deadlineIn = 1800, startedAgo = 0, status = "processing" } = work;
  await client.query(
    `INSERT INTO photos (id, sha256, key, media_type, bytes, width, height)
     VALUES (gen_random_uuid(), repeat('0', 64), 'input/of-no-file', 'image/jpeg', 1, 1, 1) ON CONFLICT DO NOTHING`,
  );
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO generation_tasks (id, user_id, status, stage, provider, network, preset, params, name, photo_id,
       reserved_model_id, attempts, remote_id, wake_at, deadline_at, started_at, finished_at)
     SELECT gen_random_uuid(), (SELECT id FROM users LIMIT 1), $2::varchar, 'generating', 'genapi', 'trellis', 'standard',
       '{}', 'Sofa', (SELECT id FROM photos WHERE key = 'input/of-no-file'), gen_random_uuid(), 1, remote_id,
       now() + $3::float8 * interval '1 second', now() + $4::float8 * interval '1 second',
       now() - $5::float8 * interval '1 second', CASE WHEN $2::varchar <> 'processing' THEN now() END
     FROM unnest($1::text[]) AS remote_id RETURNING id`,
    [remoteIds, status, dueIn, deadlineIn, startedAgo],
  );
  return rows.map(({ id }) => id);
}
