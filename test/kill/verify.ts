import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { sha256Of } from "../support/sha256.ts";
import type { Customers } from "./customers.ts";
import type { Kill } from "./marksman.ts";
import { findResumes, tabulate } from "./outcomes.ts";
import type { Watcher } from "./watcher.ts";

const RESUME_SECONDS = 30;

export interface GenerationRow {
  id: string;
  status: string;
  remoteId: string | null;
  attempts: number;
  photo: string;
  photoKey: string;
  modelId: string | null;
  confirmed: number;
  open: number;
  error: { code: string } | null;
}

const GENERATIONS = `
  SELECT g.id, g.status, g.remote_id AS "remoteId", g.attempts, p.sha256 AS photo, p.key AS "photoKey", g.error,
    (SELECT id FROM models_3d m WHERE m.generation_id = g.id) AS "modelId",
    (SELECT count(*) FROM audit_log a WHERE a.subject_id = g.id
       AND a.action = 'generation.second-charge-accepted')::int AS confirmed,
    (SELECT count(*) FROM generation_attempts a WHERE a.generation_id = g.id AND a.state = 'open')::int AS open
  FROM generation_tasks g JOIN photos p ON p.id = g.photo_id ORDER BY g.created_at`;

const ORPHAN_ROWS: Record<string, string> = {
  "a photo of no generation":
    "SELECT id FROM photos p WHERE NOT EXISTS (SELECT FROM generation_tasks WHERE photo_id = p.id)",
  "a model of no generation": "SELECT id FROM models_3d WHERE generation_id IS NULL",
};

interface World {
  kills: Kill[];
  watcher: Watcher;
  customers: Customers;
  fake: FakeGenapi;
  /** The store of both replicas. */
  uploads: string;
  readyUrl: string;
}

/** Checks everything that must hold when all work has ended. */
export async function findViolations(world: World) {
  const { watcher, customers, fake, uploads } = world;
  const violations: string[] = [];
  const { rows } = await watcher.pool.query<GenerationRow>(GENERATIONS);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const id of customers.accepted)
    if (!byId.has(id)) violations.push(`Lost: ${id} was accepted and is gone`);
  const accepted = new Set(customers.accepted);
  const creates = fake.createsPerPhoto();
  const named = new Set<string>();
  for (const row of rows) {
    const paid = creates.get(row.photo) ?? 0;
    if (!accepted.has(row.id)) violations.push(`${row.id} exists, but no customer was told of it`);
    if (paid > 1 + row.confirmed) {
      violations.push(`Paid twice: ${row.id} has ${paid} creates and ${row.confirmed} confirmed retries`);
    }
    if (row.status !== "succeeded") violations.push(`${row.id} ended as ${row.status}: ${row.error?.code}`);
    if (row.open > 0) violations.push(`${row.id} is ${row.status} and has an open attempt`);
    named.add(row.photoKey);
    const photo = await readFile(path.join(uploads, row.photoKey)).catch(() => null);
    if (!photo || sha256Of(photo) !== row.photo) violations.push(`The photo of ${row.id} is lost or changed`);
    if (row.status === "succeeded") violations.push(...(await modelProblems(row, world.readyUrl)));
  }
  const { rows: files } = await watcher.pool.query<{ key: string }>("SELECT key FROM model_files");
  for (const { key } of files) named.add(key);
  for (const key of await filesBelow(uploads, ["input", "models"])) {
    if (!named.has(key)) violations.push(`Orphan file: ${key}`);
  }
  for (const [what, sql] of Object.entries(ORPHAN_ROWS)) {
    const { rows: orphans } = await watcher.pool.query(sql);
    if (orphans.length > 0) violations.push(`Orphan rows: ${orphans.length} times ${what}`);
  }
  const resumes = await findResumes(world.kills, rows, watcher);
  for (const { kill, seconds } of resumes.filter(({ seconds }) => seconds > RESUME_SECONDS)) {
    violations.push(`Went on ${seconds.toFixed(1)} s after the restart: killed ${kill.point}`);
  }
  const summary = {
    kills: world.kills.length,
    generations: rows.length,
    creates: fake.creates().length,
    confirmedRetries: rows.reduce((sum, row) => sum + row.confirmed, 0),
    slowestResumeSeconds: Math.max(0, ...resumes.map(({ seconds }) => Math.round(seconds * 10) / 10)),
  };
  return { violations, summary, table: tabulate(world.kills, resumes) };
}

async function modelProblems(row: GenerationRow, origin: string): Promise<string[]> {
  if (!row.modelId) return [`${row.id} succeeded without a model`];
  const model = (await (await fetch(`${origin}/api/v1/models/${row.modelId}`)).json()) as {
    files?: Record<string, { url: string; sha256: string }>;
  };
  const files = Object.entries(model.files ?? {});
  const problems = files.length === 4 ? [] : [`The model of ${row.id} has ${files.length} files`];
  for (const [kind, { url, sha256 }] of files) {
    const response = await fetch(origin + url);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok || sha256Of(bytes) !== sha256) problems.push(`${kind} of ${row.id} is lost or changed`);
  }
  return problems;
}

async function filesBelow(root: string, folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map((folder) => readdir(path.join(root, folder), { recursive: true, withFileTypes: true })),
  );
  return found
    .flat()
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)));
}
