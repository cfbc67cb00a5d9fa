import { writeFile } from "node:fs/promises";
import path from "node:path";
import { QueryTypes } from "sequelize";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";

interface Deps {
  records: Records;
  storage: Storage;
}

const FOLDER = "owners/";

/** Id of this installation; it is in the database, so it travels with dumps. */
export async function readInstallationId(records: Records): Promise<string> {
  const [{ id }] = await records.sequelize.query<{ id: string }>("SELECT id FROM installation", {
    type: QueryTypes.SELECT,
  });
  return id;
}

/** Key of this database's mark in the store. */
const ownMark = async (records: Records) => FOLDER + (await readInstallationId(records));

/**
 * Marks the store as used by this database. An empty database leaves a store alone that has files already: they
 * are somebody's, and may only have lost their database.
 */
export async function markStore({ records, storage }: Deps): Promise<void> {
  const mark = await ownMark(records);
  if (await storage.stat(mark)) return;
  if (!(await isEmpty(storage)) && !(await records.Photo.count()) && !(await records.Model3d.count())) return;
  const workspace = await storage.workspace();
  const file = path.join(workspace.path, "mark");
  await writeFile(file, "The database with this id owns the files here.\n");
  await storage.publish(mark, file);
  await workspace.dispose();
}

/**
 * Whether every file of the store belongs to this database. What another database has used as well, such as one that
 * was lost or that another DATABASE_URL names, must not be judged by ours.
 */
export async function ownsStore({ records, storage }: Deps): Promise<boolean> {
  const mark = await ownMark(records);
  const marks: string[] = [];
  for await (const { key } of storage.list(FOLDER)) marks.push(key);
  return marks.length === 1 && marks[0] === mark;
}

async function isEmpty(storage: Storage): Promise<boolean> {
  for await (const _ of storage.list("")) return false;
  return true;
}
