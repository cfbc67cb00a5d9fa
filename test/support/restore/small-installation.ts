import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { v7 as newId } from "uuid";
import { dumpDatabase } from "../../../server/backup/dump.ts";
import { createFolderTarget } from "../../../server/backup/folder-target.ts";
import { makeBackup } from "../../../server/backup/make-backup.ts";
import { SERVER } from "../../../server/services/audit.ts";
import type { RestoreDeps } from "../../../server/services/restore/deps.ts";
import { openRestoreFiles } from "../../../server/services/restore/open-restore-files.ts";
import { recoverRestore } from "../../../server/services/restore/recover.ts";
import { beginRestore } from "../../../server/services/restore/run-restore.ts";
import { TEST_SIGNER } from "../backup/signers.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { sha256Of } from "../sha256.ts";
import { type FilePlace, folderPlace } from "./file-places.ts";

/** What a restore itself writes to. */
const TOLD = new Set(["public.audit_log", "public.system_state", "public.backup_runs"]);
const SILENT = { error() {}, warn() {}, info() {}, debug() {} } as unknown as RestoreDeps["logger"];

/**
 * A database (a new one by default) with a user and models, their files (in a folder by default), and a place for
 * backups; no server runs.
 */
export async function makeSmallInstallation(given?: TestDatabase, givenPlace?: FilePlace) {
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(given ?? (await createTestDatabase()), (part) => part.dispose());
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-restore-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  };
  let client = await connect();
  stack.defer(() => client.end());
  const uploads = path.join(folder, "uploads");
  const backups = path.join(folder, "backups");
  const place = givenPlace ?? folderPlace(uploads);
  const { put: putFile, remove: removeFile } = place;
  const files = await openRestoreFiles(place.store);
  const target = createFolderTarget(backups);
  const userId = newId();
  await client.query(
    "INSERT INTO users (id, email, role, password_hash) VALUES ($1, 'ada@example.com', 'admin', 'x')",
    [userId],
  );

  const { rows } = await client.query<{ id: string }>("SELECT id FROM installation");
  await putFile(`owners/${rows[0].id}`, "The database with this id owns the files here.\n");

  /** A photo and a model of it, with their files; answers the keys. */
  async function addModel(name: string): Promise<{ id: string; photoKey: string; modelKey: string }> {
    const [id, photoId, bytes] = [newId(), newId(), randomBytes(3000)];
    const sha256 = sha256Of(bytes);
    const photoKey = `input/${sha256.slice(0, 2)}/${sha256}.jpg`;
    const modelKey = `models/${id}/original.glb`;
    await putFile(photoKey, bytes);
    await putFile(modelKey, `model ${name} ${id}`);
    await client.query(
      "INSERT INTO photos (id, sha256, key, media_type, bytes, width, height) VALUES ($1, $2, $3, 'image/jpeg', 3000, 10, 10)",
      [photoId, sha256, photoKey],
    );
    await client.query(
      "INSERT INTO models_3d (id, user_id, name, photo_id, dimensions, stats) VALUES ($1, $2, $3, $4, '{}', '{}')",
      [id, userId, name, photoId],
    );
    await client.query(
      "INSERT INTO model_files (id, model_id, kind, key, bytes, sha256, media_type) VALUES ($1, $2, 'original', $3, 9, $4, 'model/gltf-binary')",
      [newId(), id, modelKey, sha256],
    );
    return { id, photoKey, modelKey };
  }

  let made = 0;
  async function backUp(recipient: string | null = null, signer = TEST_SIGNER): Promise<string> {
    const manifest = await makeBackup({
      url: database.url,
      storage: files.storage,
      target,
      kind: "manual",
      startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, made++)),
      productVersion: "0.1.0",
      recipient,
      bytesPerSecond: null,
      signer,
    });
    return manifest.name;
  }

  /** Rows of all tables but those that tell of restores, and all files, as checksums. */
  async function fingerprint(): Promise<{ rows: Record<string, string>; files: Record<string, string> }> {
    const dump = dumpDatabase({ url: database.url });
    dump.stream.resume();
    const { tables } = await dump.done;
    const told = tables.filter(({ name }) => !TOLD.has(name));
    const rows = Object.fromEntries(told.map(({ name, rows, sha256 }) => [name, `${rows} ${sha256}`]));
    const contents = Object.entries(await place.contents());
    const files = Object.fromEntries(contents.map(([key, content]) => [key, sha256Of(content)]));
    return { rows, files };
  }

  const deps: RestoreDeps = {
    url: database.url,
    files,
    target,
    signer: TEST_SIGNER,
    freeProviders: ["local"],
    logger: SILENT,
    stopping: new AbortController().signal,
  };
  const parts = stack.move();
  return {
    url: database.url,
    get client() {
      return client;
    },
    /** After a test has ended the client, so that it may do to the database what it likes. */
    async reconnect() {
      client = await connect();
    },
    /** Of the files, unless they lie elsewhere. */
    uploads,
    store: place.store,
    backups,
    target,
    userId,
    deps,
    putFile,
    removeFile,
    addModel,
    backUp,
    fingerprint,
    async restore(filename: string, identity?: string) {
      const { done } = await beginRestore(deps, { filename, identity, by: SERVER });
      return done;
    },
    /** What every start does first. */
    recover: () => recoverRestore(deps),
    dispose: () => parts.disposeAsync(),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export type SmallInstallation = Awaited<ReturnType<typeof makeSmallInstallation>>;
