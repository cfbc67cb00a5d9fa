import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadConfig } from "../../server/config.ts";

/** What Railway says of itself to a container of our image. */
const RAILWAY = {
  NODE_ENV: "production",
  DATA_DIR: "/data",
  UPLOAD_DIR: "/data/uploads",
  RAILWAY_PROJECT_ID: "0e3b9c5e-5d0f-4c58-a5d8-3f2f0c0a9d11",
};
const DATABASE_URL = "postgresql://postgres:pass@postgres.railway.internal:5432/railway";
const VOLUME = { RAILWAY_VOLUME_MOUNT_PATH: "/data" };
const BUCKET = {
  S3_BUCKET: "files-a1b2c3",
  S3_ENDPOINT: "https://storage.railway.app",
  S3_ACCESS_KEY_ID: "key",
  S3_SECRET_ACCESS_KEY: "secret",
};
const aboutFiles = (env: NodeJS.ProcessEnv) =>
  loadConfig(env).warnings.filter((warning) => /next deployment/.test(warning));

describe("at Railway, which keeps nothing of a container", () => {
  it("a start without a database is refused, instead of losing everything with the next deployment", () => {
    assert.throws(() => loadConfig(RAILWAY), /Set DATABASE_URL=\$\{\{Postgres\.DATABASE_URL\}\}/);
    assert.throws(
      () => loadConfig({ ...RAILWAY, RAILWAY_VOLUME_MOUNT_PATH: "/database" }),
      /DATABASE_URL/,
      "a volume elsewhere keeps nothing of it either",
    );
  });

  it("a database of its own, or a volume that holds the built-in one, is all that is wanted", () => {
    assert.equal(loadConfig({ ...RAILWAY, DATABASE_URL }).config.database.kind, "url");
    assert.equal(loadConfig({ ...RAILWAY, PGHOST: "postgres.railway.internal" }).config.database.kind, "url");
    assert.equal(loadConfig({ ...RAILWAY, ...VOLUME }).config.database.kind, "embedded");
    const below = { ...RAILWAY, RAILWAY_VOLUME_MOUNT_PATH: "/" };
    assert.equal(loadConfig(below).config.database.kind, "embedded");
  });

  it("warns of photos, models and backups that would go with the next deployment", () => {
    const [warning, ...others] = aboutFiles({ ...RAILWAY, DATABASE_URL });
    assert.match(warning, /photos, models and backups go .* volume .* \/data, .* S3_BUCKET and BACKUP_DIR/);
    assert.deepEqual(others, []);
    assert.deepEqual(loadConfig({ ...RAILWAY, DATABASE_URL }).notes, []);
    assert.deepEqual(aboutFiles({ ...RAILWAY, DATABASE_URL, ...VOLUME }), []);
  });

  it("warns of what of it is not in a bucket yet", () => {
    const inBucket = { ...RAILWAY, DATABASE_URL, ...BUCKET };
    assert.match(aboutFiles(inBucket).join(), /: backups go .* set BACKUP_DIR/);
    const BACKUP_DIR = "s3://files-a1b2c3/backups";
    assert.deepEqual(aboutFiles({ ...inBucket, S3_PREFIX: "files", BACKUP_DIR }), []);
    const { S3_BUCKET, ...account } = inBucket;
    assert.match(aboutFiles({ ...account, BACKUP_DIR }).join(), /: photos and models go .* set S3_BUCKET\./);
    assert.deepEqual(aboutFiles({ ...inBucket, RAILWAY_VOLUME_MOUNT_PATH: "/b", BACKUP_DIR: "/b/kept" }), []);
  });

  it("neither is said on a machine of one's own, nor where a developer has its variables", () => {
    const { RAILWAY_PROJECT_ID, ...own } = RAILWAY;
    assert.equal(loadConfig(own).config.database.kind, "embedded");
    assert.deepEqual(aboutFiles(own), []);
    assert.equal(loadConfig({ RAILWAY_PROJECT_ID }).config.database.kind, "embedded");
  });
});
