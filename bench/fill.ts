import pg from "pg";

/** Brings the number of models that were made by a fill to `rows`, each with three files, and updates the statistics. */
export async function fillModels(databaseUrl: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("DELETE FROM models_3d WHERE metadata ? 'filled'");
    await client.query(MODELS, [rows]);
    await client.query(FILES);
    await client.query("VACUUM ANALYZE models_3d, model_files");
  } finally {
    await client.end();
  }
}

const MODELS = `
INSERT INTO models_3d (id, user_id, name, tags, dimensions, stats, metadata, provider, network, created_at, updated_at)
SELECT gen_random_uuid(), (SELECT id FROM users), 'Sofa nr' || n || ' colour' || n % 50, ARRAY['sofa', 'tag ' || n % 50],
  '{"length": 200, "width": 100, "height": 90, "unit": "cm"}',
  '{"triangles": 48210, "vertices": 31022, "materials": 1, "watertight": true,
    "textures": [{"width": 1024, "height": 1024, "mediaType": "image/webp"}],
    "boundingBoxMetres": {"min": [-1, 0, -0.5], "max": [1, 0.9, 0.5]}}',
  '{"filled": true}', 'genapi', 'trellis', now() - n * interval '1 minute', now() - n * interval '1 minute'
FROM generate_series(1, $1::int) AS n`;

const FILES = `
INSERT INTO model_files (id, model_id, kind, key, bytes, sha256, media_type)
SELECT gen_random_uuid(), model.id, kind, 'models/' || model.id || '/' || kind, 1000000,
  encode(sha256(convert_to(model.id || kind, 'UTF8')), 'hex'), media_type
FROM models_3d AS model, (VALUES ('glb', 'model/gltf-binary'), ('original', 'model/gltf-binary'),
  ('thumbnail', 'image/webp')) AS file (kind, media_type)
WHERE model.metadata ? 'filled'`;
