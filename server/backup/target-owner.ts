import { AppError } from "../errors.ts";
import type { BackupTarget } from "./target.ts";

/** Beside the backups: a file for each installation that keeps its backups there; there should be one. */
const MARKS = "owners/";
const MARK_TEXT =
  "The installation with this id keeps its backups here, and clears away what they don't name.\n";

/** Keys of the marks of all installations but this one, and whether it has one. */
async function readMarks(target: BackupTarget, id: string) {
  const others: string[] = [];
  let isOwn = false;
  for await (const { key } of target.list(MARKS)) {
    if (key === MARKS + id) isOwn = true;
    else others.push(key);
  }
  return { others, isOwn };
}

const putMark = (target: BackupTarget, id: string) => target.put(MARKS + id, one(Buffer.from(MARK_TEXT)));

async function* one(bytes: Uint8Array) {
  yield bytes;
}

/** Whether the installation with this id, and no other one, keeps its backups there. */
export async function ownsTarget(target: BackupTarget, id: string): Promise<boolean> {
  const { others, isOwn } = await readMarks(target, id);
  return isOwn && others.length === 0;
}

/**
 * For whoever writes to a target or clears it up: another one's sweep would take contents away that nobody has named
 * yet. A target without a mark is marked where `isOurs` says so of what lies there. Of two who mark it at the same
 * time at least one sees both marks: it takes its own back, so that never both go on.
 * @throws AppError `backup-target-owned`
 */
export async function claimTarget(
  target: BackupTarget,
  id: string,
  isOurs: () => Promise<boolean>,
): Promise<void> {
  const before = await readMarks(target, id);
  if (before.others.length > 0) throw ownedByAnother(before.others[0]);
  if (before.isOwn) return;
  if (!(await isOurs())) throw ofUnknownOrigin();
  await putMark(target, id);
  try {
    const { others } = await readMarks(target, id);
    if (others.length > 0) throw ownedByAnother(others[0]);
  } catch (error) {
    await target.remove(MARKS + id);
    throw error;
  }
}

/** From now on it is this installation's, whoever kept backups there; the other one must have stopped doing so. */
export async function adoptTarget(target: BackupTarget, id: string): Promise<void> {
  await putMark(target, id);
  for (const key of (await readMarks(target, id)).others) await target.remove(key);
}

const ownedByAnother = (mark: string) =>
  new AppError("backup-target-owned", {
    detail: {
      en: `Another installation (${mark.slice(MARKS.length)}) keeps its backups there.`,
      ru: `Там хранит свои копии другая установка (${mark.slice(MARKS.length)}).`,
    },
  });

const ofUnknownOrigin = () =>
  new AppError("backup-target-owned", {
    detail: {
      en: "There are backups there that this installation neither signed nor has on record: they may be another one's.",
      ru: "Там лежат копии, которых эта установка не подписывала и не помнит: они могут быть чужими.",
    },
  });
