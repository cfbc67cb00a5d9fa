import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { createFolderTarget } from "../../backup/folder-target.ts";
import { openTarget } from "../../backup/open-target.ts";
import { listBackups } from "../../backup/read-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";
import { openConfiguredDatabase, readConfiguration } from "../../database/cli-settings.ts";
import { migrate } from "../../database/migrate.ts";
import { AppError } from "../../errors.ts";
import { createLogger } from "../../logger.ts";
import { SERVER } from "../audit.ts";
import { readSigner } from "../backups/signing-keys.ts";
import { confirmRestore, undoRestore } from "./decide.ts";
import type { RestoreDeps, RestorePoint } from "./deps.ts";
import { openRestoreFiles } from "./open-restore-files.ts";
import { recoverRestore } from "./recover.ts";
import { beginRestore } from "./run-restore.ts";
import { UnsettledRestore } from "./settle-failed.ts";

const USAGE = `npm run restore -- BACKUP [--yes] [--identity KEYFILE] [--foreign]
npm run restore -- --confirm     the restored state counts from now on; the former one is let go
npm run restore -- --undo        the state from before the restore comes back

BACKUP is a name from the place for backups, or the folder of one. --yes asks nothing. KEYFILE holds the secret key of
age (AGE-SECRET-KEY-1…) of an encrypted backup. --foreign takes a backup that this installation has not signed: know
where it comes from, for its SQL is run.`;

const DONE: Record<RestorePoint, string> = {
  checked: "Read and checked as a whole.",
  drained: "Nobody works on anything.",
  loaded: "Loaded beside the present database and compared.",
  "brought-in": "Files brought in and compared.",
  noted: "Written down what to take back.",
  placed: "New files in place.",
  swapped: "Database in place.",
  replaced: "All files in place.",
};
const FREE_PROVIDERS = ["local"];
let isDeciding = false;

/** The name of a backup and where it is kept, also for the folder of one. */
async function find(given: string, kept: BackupTarget): Promise<{ filename: string; target: BackupTarget }> {
  const folder = path.resolve(given);
  const isFolder = given.includes(path.sep) || given.includes("/");
  const [filename, target] = isFolder
    ? [path.basename(folder), createFolderTarget(path.dirname(folder))]
    : [given, kept];
  const names = await listBackups(target);
  if (names.includes(filename)) return { filename, target };
  const list = names.slice(0, 20).join("\n  ");
  throw new Error(`${target.name} has no backup ${filename}.${list && ` It has:\n  ${list}`}`);
}

async function ask(filename: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Error("Nobody can be asked here. Add --yes if you mean it.");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(
    `Everything there is gives way to the backup; it is kept until you confirm.\nType ${filename} to go on: `,
  );
  lines.close();
  if (answer.trim() !== filename) throw new Error("That was another name, so nothing was done.");
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      yes: { type: "boolean", default: false },
      identity: { type: "string" },
      foreign: { type: "boolean", default: false },
      confirm: { type: "boolean", default: false },
      undo: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const wanted = positionals.length + Number(values.confirm) + Number(values.undo);
  if (values.help) return console.log(USAGE);
  if (wanted !== 1) throw new Error(`Say one thing to do.\n\n${USAGE}`);
  const { config } = readConfiguration();
  const database = await openConfiguredDatabase();
  try {
    const logger = createLogger({ ...config.log, level: "warn" });
    const deps: RestoreDeps = {
      url: database.url,
      files: await openRestoreFiles(config.store),
      target: await openTarget(config.backup.target),
      signer: await readSigner(config),
      freeProviders: FREE_PROVIDERS,
      logger,
      stopping: new AbortController().signal,
      atStep: (point) => console.log(DONE[point]),
    };
    await migrate(database.url, { logger });
    await recoverRestore(deps);
    isDeciding = values.confirm || values.undo;
    if (values.confirm) {
      await confirmRestore(deps, SERVER);
      return console.log("Confirmed. The former state is gone.");
    }
    if (values.undo) {
      await undoRestore(deps, SERVER);
      return console.log("Undone. Everything is as it was before the restore.");
    }
    const { filename, target } = await find(positionals[0], deps.target);
    if (values.identity && !existsSync(values.identity))
      throw new Error(`There is no file ${values.identity}.`);
    const identity = values.identity && keyIn(await readFile(values.identity, "utf8"));
    if (!values.yes) await ask(filename);
    const { done } = await beginRestore(
      { ...deps, target },
      { filename, identity, foreign: values.foreign, by: SERVER },
    );
    const { toDecide } = await done;
    if (toDecide > 0)
      console.log(
        `${toDecide} paid generations were waiting when the backup was made. They may have been sent since, so each waits for a person's decision.`,
      );
    console.log(
      `${filename} is in place. Start the server and look: nothing can be changed until you decide, on the page of\noperations or with npm run restore -- --confirm or --undo.`,
    );
  } finally {
    await database.dispose();
  }
}

/** As age-keygen writes it: comments and one line with the key. */
const keyIn = (text: string): string =>
  text.split(/\r?\n/).find((line) => line.startsWith("AGE-SECRET-KEY-")) ?? text.trim();

function outcomeOf(error: unknown): string {
  if (error instanceof UnsettledRestore) return "Stopped half-way:";
  // The answer to a decision may have been lost after it was done.
  if (isDeciding && !(error instanceof AppError)) return "The same command again tells whether it was done:";
  return "Nothing was changed:";
}

// `npm run restore`, with the server stopped; one that runs holds everything still meanwhile.
try {
  await run();
} catch (error) {
  const reason =
    error instanceof AppError
      ? error.operatorDetail.en
      : error instanceof Error
        ? error.message
        : String(error);
  console.error(`${outcomeOf(error)} ${reason}`);
  process.exitCode = 1;
}
