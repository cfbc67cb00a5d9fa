import { z } from "zod";
import { BackupFilename } from "./backup.ts";
import { Time } from "./common.ts";

export const RestoreStatus = z
  .object({
    state: z
      .enum(["none", "running", "restored"])
      .describe(
        "running: nothing is changed yet; restored: the backup is in place and the former state kept, until somebody " +
          "confirms or undoes it; meanwhile everything can be looked at, and nothing changed",
      ),
    filename: BackupFilename.nullable(),
    step: z
      .enum(["checking", "draining", "database", "files", "swapping"])
      .nullable()
      .describe("What a running one does: read all of it, let work end, load it aside, put it in place"),
    startedAt: Time.nullable(),
    restoredAt: Time.nullable(),
    failure: z
      .object({
        filename: BackupFilename,
        at: Time,
        code: z.string(),
        message: z.string().describe("In the language of the request"),
      })
      .nullable()
      .describe("Why the last one came to nothing; the state from before it stands then"),
  })
  .meta({ id: "RestoreStatus" });
export type RestoreStatus = z.infer<typeof RestoreStatus>;

const Proof = {
  password: z.string().min(1).max(200).optional().describe("Your password once more, where people sign in"),
  filename: z.string().max(100).optional().describe("The backup's name typed again, where nobody signs in"),
};

export const RestoreBackup = z
  .strictObject({
    ...Proof,
    identity: z
      .string()
      .trim()
      .max(5000)
      .optional()
      .describe("Secret key of age (AGE-SECRET-KEY-1…), for a backup that is encrypted; it is not kept"),
    foreign: z
      .boolean()
      .default(false)
      .describe("Take a backup that this installation has not signed (`backup-foreign`): its SQL is run"),
  })
  .meta({ id: "RestoreBackup" });
export type RestoreBackup = z.input<typeof RestoreBackup>;

export const DecideRestore = z.strictObject(Proof).meta({ id: "DecideRestore" });
export type DecideRestore = z.infer<typeof DecideRestore>;
