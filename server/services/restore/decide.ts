import type pg from "pg";
import { openSession } from "../../backup/session.ts";
import { AppError } from "../../errors.ts";
import type { Actor } from "../audit.ts";
import { takeBackupLock } from "../backups/lock.ts";
import type { RestoreDeps } from "./deps.ts";
import { readOutcome } from "./outcome.ts";
import { settleRestore } from "./recover.ts";
import { isNoteOf, type RestoreNote } from "./restore-files.ts";
import { FORMER, hasTable, isRestored } from "./schemas.ts";
import { letGo, swapBack } from "./swap.ts";

type Deps = Pick<RestoreDeps, "url" | "files" | "logger" | "stopping">;

/**
 * The restored state is the one that counts from now on: the former one is let go.
 * @throws AppError `restore-none`, `backup-running`
 */
export const confirmRestore = (deps: Deps, by: Actor): Promise<void> =>
  decide(deps, by, async (options, client) => {
    const note = await findNote(deps, client);
    const formerId = await readFormerId(client);
    if (note) await deps.files.turn(note, "confirmed", formerId);
    await letGo(options);
  });

/**
 * The former state comes back as it was; what was restored is dropped.
 * @throws AppError `restore-none`, `backup-running`
 */
export const undoRestore = (deps: Deps, by: Actor): Promise<void> =>
  decide(deps, by, async (options, client) => {
    const note = await findNote(deps, client);
    // A confirmation that came to nothing left its word; the files of the former state are wanted all the same.
    if (note) await deps.files.turn(note, "open");
    await swapBack(options);
  });

/** The word of the restore that is in place. */
async function findNote({ files }: Deps, client: pg.Client): Promise<RestoreNote | undefined> {
  const { inPlace } = await readOutcome(client);
  return (await files.notes()).find((note) => isNoteOf(note, inPlace));
}

/** Id of the installation whose state is kept, where that is another one; its mark goes with its state. */
async function readFormerId(client: pg.Client): Promise<string | undefined> {
  if (!(await hasTable(client, `${FORMER}.installation`))) return undefined;
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM ${FORMER}.installation EXCEPT SELECT id FROM public.installation`,
  );
  return rows[0]?.id;
}

async function decide(
  deps: Deps,
  by: Actor,
  act: (options: Parameters<typeof swapBack>[0], client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const lock = await takeBackupLock(deps.url);
  if (!lock) throw new AppError("backup-running");
  let client: pg.Client | undefined;
  try {
    client = await openSession(deps.url, lock.lost);
    if (!(await isRestored(client))) throw new AppError("restore-none");
    // Files of the restore that a kill kept from their place.
    await settleRestore(deps, client, lock.lost);
    const { rows } = await client.query<{ filename: string }>(
      "SELECT value ->> 'filename' AS filename FROM public.system_state WHERE key = 'restore'",
    );
    const signal = AbortSignal.any([lock.lost, deps.stopping]);
    await lock.tellEnd();
    await act({ url: deps.url, by, filename: rows[0]?.filename ?? "", signal }, client);
    await settleRestore(deps, client, lock.lost);
  } finally {
    await client?.end().catch(() => undefined);
    await lock.release();
  }
}
