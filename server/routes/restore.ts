import { z } from "zod";
import type { Config } from "../config.ts";
import { BackupFilename } from "../contract/backup.ts";
import { DecideRestore, RestoreBackup, RestoreStatus } from "../contract/restore.ts";
import { AppError } from "../errors.ts";
import { localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import { proveOwner } from "../services/accounts/account.ts";
import type { AccountDeps } from "../services/accounts/deps.ts";
import type { MemberActor } from "../services/audit.ts";
import type { Restores } from "../services/restore/restores.ts";

interface RestoreRouteDeps {
  config: Pick<Config, "access">;
  accounts: AccountDeps;
  restores: Restores;
}

const PATH = "/api/system/backup/restore";
const TAG = "Operations";

/** Putting a backup in the place of everything there is. Whoever does it says once more who they are. */
export function restoreRoutes({ config, accounts, restores }: RestoreRouteDeps): Route[] {
  /** The password again, or where nobody signs in the name of the backup typed again. */
  async function prove(by: MemberActor, given: DecideRestore, filename: string | null): Promise<void> {
    if (config.access.kind === "accounts") {
      await proveOwner(accounts, by.caller.userId, given.password ?? "", by);
      return;
    }
    if (given.filename === filename) return;
    const message = `Type the name of the backup to show that you mean it: ${filename}`;
    throw new AppError("invalid-request", { errors: [{ path: "filename", message }] });
  }
  const decision = (name: "confirm" | "undo", summary: string): Route =>
    route({
      method: "post",
      path: `${PATH}/${name}`,
      tag: TAG,
      summary,
      access: "admin-account",
      body: DecideRestore,
      answers: { 200: { description: "Done", schema: RestoreStatus } },
      async handle({ body, by, request, response }) {
        const { state, filename } = restores.status();
        if (state !== "restored") throw new AppError(state === "none" ? "restore-none" : "restore-pending");
        await prove(by, body, filename);
        await restores[name](by);
        response.json(restores.status(localeOf(request)));
      },
    });
  return [
    route({
      method: "get",
      path: PATH,
      tag: TAG,
      summary: "How a restore stands",
      access: "admin",
      answers: { 200: { description: "The state", schema: RestoreStatus } },
      handle({ request, response }) {
        response.set("Cache-Control", "no-store").json(restores.status(localeOf(request)));
      },
    }),
    decision("confirm", "The restored backup counts from now on; the former state is let go"),
    decision("undo", "The state from before the restore comes back"),
    route({
      method: "post",
      path: `${PATH}/:filename`,
      tag: TAG,
      summary:
        "Put a backup in the place of everything; it is checked whole before, and what was there is kept until somebody decides",
      access: "admin-account",
      params: z.object({ filename: BackupFilename }),
      body: RestoreBackup,
      answers: { 202: { description: "It has begun", schema: RestoreStatus } },
      async handle({ params: { filename }, body: { identity, foreign, ...given }, by, request, response }) {
        await prove(by, given, filename);
        await restores.begin({ filename, identity, foreign, by });
        response.status(202).json(restores.status(localeOf(request)));
      },
    }),
  ];
}
