import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { create as contentDisposition } from "content-disposition";
import type { Config } from "../config.ts";
import { DeleteAccount } from "../contract/privacy.ts";
import { setAuthCookies } from "../http/auth-cookies.ts";
import { type Route, route } from "../http/route.ts";
import { sendContent } from "../http/send-content.ts";
import { proveOwner } from "../services/accounts/account.ts";
import type { AccountDeps } from "../services/accounts/deps.ts";
import { audit } from "../services/audit.ts";
import { exportUserData } from "../services/data-export/archive.ts";
import { deleteUser } from "../services/erasure/delete-user.ts";
import type { Storage } from "../storage/storage.ts";
import { requireAccounts } from "./auth.ts";

interface PrivacyRouteDeps {
  config: Pick<Config, "access" | "publicUrl">;
  accounts: AccountDeps;
  storage: Storage;
  version: string;
}

const TAG = "Account";

/** What everyone may ask of whoever keeps their data. */
export const privacyRoutes = ({ config, accounts, storage, version }: PrivacyRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/api/v1/auth/me/export",
    tag: TAG,
    summary: "Everything that is kept about you: a ZIP archive of your data, photos and models",
    access: "account",
    answers: { 200: { description: "The archive", mediaType: "application/zip" } },
    async handle({ caller, by, request, response }) {
      const { records } = accounts;
      response.set({
        "Content-Type": "application/zip",
        "Content-Disposition": contentDisposition(`photo-to-3d-${new Date().toISOString().slice(0, 10)}.zip`),
        "Cache-Control": "no-store",
      });
      if (request.method === "HEAD") return void response.end();
      await audit(records, { action: "data.exported", subjectId: caller.userId, by });
      const archive = exportUserData({ records, storage, version }, caller.userId);
      await sendContent(Readable.fromWeb(archive as ReadableStream), response);
    },
  }),
  route({
    method: "delete",
    path: "/api/v1/auth/me",
    tag: TAG,
    summary: "Delete your account with everything of it, for ever",
    access: "account",
    body: DeleteAccount,
    answers: { 204: { description: "Deleted" } },
    async handle({ caller, by, body, request, response }) {
      requireAccounts(config);
      await proveOwner(accounts, caller.userId, body.password, by);
      await deleteUser(accounts, caller.userId, by);
      setAuthCookies(request, response, null, config.publicUrl);
      response.status(204).end();
    },
  }),
];
