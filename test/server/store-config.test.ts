import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../server/config.ts";
import { secretsOf } from "../../server/config-secrets.ts";

const KEYS = { S3_ACCESS_KEY_ID: "AKIATEST", S3_SECRET_ACCESS_KEY: "a-secret-of-the-bucket" };
const load = (env: Record<string, string>) => loadConfig(env, "/product").config;
const bucketOf = (env: Record<string, string>) => {
  const { store } = load({ ...KEYS, S3_BUCKET: "my-models", ...env });
  assert.equal(store.kind, "s3");
  return store as Extract<typeof store, { kind: "s3" }>;
};

test("files lie in a folder, or in a bucket with a folder for work in progress", () => {
  assert.deepEqual(load({}).store, { kind: "folder", folder: path.resolve("/product/uploads") });
  assert.deepEqual(bucketOf({ UPLOAD_DIR: "/scratch", S3_PREFIX: "/a/b/", S3_DOWNLOADS: "redirect" }), {
    kind: "s3",
    bucket: "my-models",
    prefix: "a/b/",
    s3: {
      endpoint: null,
      region: "us-east-1",
      accessKeyId: "AKIATEST",
      secretAccessKey: "a-secret-of-the-bucket",
      pathStyle: false,
    },
    scratch: path.resolve("/scratch/temp"),
    downloads: "redirect",
  });
  assert.equal(bucketOf({}).prefix, "");
});

test("the bucket is in the name of Amazon's host, in the path of every other, or as the setting says", () => {
  const styles: [string | null, string, boolean][] = [
    [null, "auto", false],
    ["https://s3.eu-central-1.amazonaws.com", "auto", false],
    ["https://s3.cn-north-1.amazonaws.com.cn", "auto", false],
    ["https://amazonaws.com.example", "auto", true],
    ["http://store:9000", "auto", true],
    ["https://storage.yandexcloud.net", "auto", true],
    ["https://storage.yandexcloud.net", "off", false],
    [null, "on", true],
  ];
  for (const [endpoint, style, isPath] of styles) {
    const env = { ...(endpoint && { S3_ENDPOINT: endpoint }), S3_PATH_STYLE: style };
    assert.equal(bucketOf(env).s3.pathStyle, isPath, `${endpoint} ${style}`);
  }
});

test("a bucket that is set by halves stops the start with the cure", () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [
      { S3_BUCKET: "my-models" },
      /^S3_BUCKET is set, which needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY\./,
    ],
    [{ S3_PREFIX: "files" }, /^S3_PREFIX is set, but not S3_BUCKET\./],
    [{ S3_DOWNLOADS: "redirect" }, /^S3_DOWNLOADS is set, but not S3_BUCKET\./],
    [{ ...KEYS, S3_BUCKET: "s3://my-models" }, /^S3_BUCKET must be the name of a bucket such as my-models/],
    [{ ...KEYS, S3_BUCKET: "My_Models" }, /^S3_BUCKET must be the name/],
    [{ ...KEYS, S3_BUCKET: "my-models", S3_PREFIX: "a//b" }, /^S3_PREFIX must be letters/],
    [{ ...KEYS, S3_BUCKET: "my-models", S3_PREFIX: "../x" }, /^S3_PREFIX must be letters/],
    [{ BACKUP_DIR: "s3://my-backups" }, /^BACKUP_DIR is a bucket, which needs S3_ACCESS_KEY_ID/],
  ];
  for (const [env, message] of wrong) assert.throws(() => load(env), { message }, JSON.stringify(env));
});

test("backups never lie in the place of the files, nor one inside of the other", () => {
  const at = (prefix: string, backups: string) =>
    load({ ...KEYS, S3_BUCKET: "shared", S3_PREFIX: prefix, BACKUP_DIR: backups }).backup.target;
  const refusal =
    /^BACKUP_DIR and S3_BUCKET with S3_PREFIX name the same place in the bucket shared, or one inside of the other\. Give backups a bucket of their own, or set S3_PREFIX=files and BACKUP_DIR=s3:\/\/shared\/backups\.$/;
  const same: [string, string][] = [
    ["", "s3://shared"],
    ["files", "s3://shared/files/"],
    ["", "s3://shared/backups"],
    ["files", "s3://shared"],
    ["files", "s3://shared/files/backups"],
  ];
  for (const [prefix, backups] of same) {
    assert.throws(() => at(prefix, backups), { message: refusal }, `${prefix} ${backups}`);
  }
  assert.deepEqual(
    { ...at("files", "s3://shared/backups"), s3: null },
    {
      kind: "s3",
      bucket: "shared",
      prefix: "backups/",
      s3: null,
    },
  );
  assert.equal(at("files", "s3://shared/files-of-backups").kind, "s3");
  assert.equal(at("", "s3://other").kind, "s3");
  assert.equal(at("", "/mnt/backup").kind, "folder");
});

test("the bucket's secret is hidden, and its key is no secret", () => {
  const { store } = load({ ...KEYS, S3_BUCKET: "my-models" });
  assert.equal(store.kind, "s3");
  const hidden = secretsOf(load({ ...KEYS, S3_BUCKET: "my-models" }));
  assert.ok(hidden.includes(KEYS.S3_SECRET_ACCESS_KEY));
  const shown = new Map(load({ ...KEYS, S3_BUCKET: "my-models" }).shown.map((one) => [one.name, one.value]));
  assert.equal(shown.get("S3_SECRET_ACCESS_KEY"), null);
  assert.equal(shown.get("S3_BUCKET"), "my-models");
});
