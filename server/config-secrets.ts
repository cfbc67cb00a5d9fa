import type { Config } from "./config.ts";

/** As it is written and, where that can be told, as it is meant. */
function passwordsOf(address: string): string[] {
  const { password } = new URL(address);
  try {
    return password ? [password, decodeURIComponent(password)] : [];
  } catch {
    return [password];
  }
}

/** Every value of the settings that must not be seen. */
export function secretsOf(config: Config): (string | null)[] {
  const {
    genapi,
    opsToken,
    secrets,
    formerEncryption,
    access,
    mail,
    database,
    readReplica,
    redis,
    store,
    backup,
  } = config;
  return [
    genapi.apiKey,
    opsToken,
    ...Object.values(secrets),
    formerEncryption?.key ?? null,
    formerEncryption?.salt ?? null,
    access.kind === "accounts" ? (access.admin?.password ?? null) : null,
    ...(mail ? passwordsOf(mail.url) : []),
    ...(database.kind === "url" ? passwordsOf(database.url) : []),
    ...(readReplica ? passwordsOf(readReplica.url) : []),
    ...(redis ? passwordsOf(redis.url) : []),
    config.sentryDsn,
    config.monitoring.webhookUrl,
    store.kind === "s3" ? store.s3.secretAccessKey : null,
    backup.target.kind === "s3" ? backup.target.s3.secretAccessKey : null,
  ];
}
