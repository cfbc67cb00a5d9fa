import type { Cache } from "../../cache/cache.ts";
import type { CacheStatistics } from "../../cache/statistics.ts";
import type { Config } from "../../config.ts";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import type { KeptSecrets } from "../kept-secrets.ts";
import { createMailer } from "../mail/mailer.ts";
import { createAccessTokens } from "./access-tokens.ts";
import type { AccountDeps } from "./deps.ts";
import { createFirstAdminLink, ensureFirstAdmin } from "./first-admin.ts";
import { createPasswords } from "./passwords.ts";
import { createRevocations } from "./revocations.ts";
import { createSecretTokens } from "./secret-tokens.ts";
import type { SignInGuard } from "./sign-in-guard.ts";

interface Options {
  config: Pick<Config, "access" | "mail" | "role">;
  records: Records;
  cache: Cache;
  statistics: CacheStatistics;
  secrets: KeptSecrets;
  logger: Logger;
  guard: SignInGuard;
}

/**
 * What accounts are made of, with the first administrator of the settings. `firstAdminToken` is of the link for making
 * one, where people sign in here and nobody can yet.
 * @throws Error in words for people where ADMIN_PASSWORD is easily guessed
 */
export async function createAccounts(options: Options) {
  const { config, records, cache, statistics, secrets, logger, guard } = options;
  const deps: AccountDeps = {
    records,
    guard,
    passwords: createPasswords(),
    accessTokens: createAccessTokens(secrets.jwt),
    secretTokens: createSecretTokens(secrets.session),
    revocations: createRevocations(cache, statistics),
    mailer: config.mail && createMailer(config.mail, { logger }),
  };
  const { access, role } = config;
  if (access.kind === "accounts" && access.admin && (await ensureFirstAdmin(deps, access.admin))) {
    logger.info("Made the first administrator, from ADMIN_EMAIL and ADMIN_PASSWORD");
  }
  // Who only works tells nobody of a link.
  const hasLink = access.kind === "accounts" && role !== "worker";
  return {
    ...deps,
    firstAdminToken: hasLink ? await createFirstAdminLink(deps) : null,
    dispose: async () => deps.mailer?.dispose(),
  };
}
