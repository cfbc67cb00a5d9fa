import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { createTestDatabase } from "../database.ts";
import type { FakeGenapi } from "../fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../fake-genapi/server.ts";
import { boxGlb } from "../make-glb.ts";
import { type NginxSite, startNginxSite } from "../nginx-site.ts";
import { startTestRedis, type TestRedis } from "../redis/test-redis.ts";
import { FILE_STORES, type FileStore } from "./file-store.ts";
import { ADMIN } from "./member.ts";
import { CALLS_WHEN_DONE } from "./provider.ts";
import { makeReplica, type Replica } from "./replica.ts";

interface ClusterOptions {
  replicas?: number;
  /** Where the files of all lie; default a bucket. */
  files?: keyof typeof FILE_STORES;
  /** Over those of all replicas. */
  settings?: Record<string, string>;
}

/** Several servers in production behind nginx, with one Postgres, one Redis and one place for files. */
export interface Cluster {
  /** Of the site: what people use. */
  url: string;
  replicas: Replica[];
  site: NginxSite;
  redis: TestRedis;
  /** The paid provider. */
  fake: FakeGenapi;
  store: FileStore;
  databaseUrl: string;
  pool: pg.Pool;
  dispose(): Promise<void>;
}

/** So many requests that no load of a test meets the bound. */
const NO_BOUND = "1000000";

const secret = () => randomBytes(24).toString("hex");

/** All replicas start at the same moment, on a database that is empty. */
export async function startCluster({
  replicas: count = 3,
  files = "bucket",
  settings = {},
}: ClusterOptions = {}): Promise<Cluster> {
  await using building = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-cluster-"));
  building.defer(() => rm(folder, { recursive: true, force: true }));
  const database = building.adopt(await createTestDatabase({ migrated: false }), (part) => part.dispose());
  const pool = building.adopt(new pg.Pool({ connectionString: database.url, max: 2 }), (part) => part.end());
  pool.on("error", () => {});
  const redis = building.adopt(await startTestRedis(), (part) => part.dispose());
  const fake = building.adopt(await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) }), (part) =>
    part.dispose(),
  );
  fake.script(CALLS_WHEN_DONE);
  const store = building.adopt(await FILE_STORES[files](folder), (part) => part.dispose());
  let url = "";
  const common = {
    NODE_ENV: "production",
    TRUST_PROXY: "1",
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    JWT_SECRET: secret(),
    SESSION_SECRET: secret(),
    API_ENCRYPTION_KEY: secret(),
    API_ENCRYPTION_SALT: secret(),
    DATABASE_POOL_MAX: "10",
    DATABASE_POOL_MIN: "1",
    REDIS_URL: redis.url,
    GENAPI_API_KEY: fake.key,
    GENAPI_BASE_URL: `${fake.url}/api/v1`,
    GENAPI_CONCURRENCY: "50",
    GENAPI_REQUESTS_PER_SECOND: "1000",
    SHUTDOWN_TIMEOUT_SECONDS: "120",
    RATE_LIMIT_PER_MINUTE: NO_BOUND,
    RATE_LIMIT_PER_HOUR: NO_BOUND,
    ...store.settings,
    ...settings,
  };
  const names = Array.from({ length: count }, (_, index) => `replica-${index + 1}`);
  const replicas = await Promise.all(
    names.map((name) =>
      makeReplica(name, folder, () => ({
        ...common,
        DATABASE_URL: `${database.url}?application_name=${name}`,
        PUBLIC_URL: url,
      })),
    ),
  );
  const siteFolder = path.join(folder, "nginx");
  await mkdir(siteFolder);
  const addresses = replicas.map(({ address }) => address);
  const site = building.adopt(
    await startNginxSite({ folder: siteFolder, replicas: addresses, tls: false }),
    (part) => part.dispose(),
  );
  ({ url } = site);
  building.defer(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
  await Promise.all(replicas.map((replica) => replica.start()));
  const parts = building.move();
  return {
    url,
    replicas,
    site,
    redis,
    fake,
    store,
    databaseUrl: database.url,
    pool,
    dispose: () => parts.disposeAsync(),
  };
}
