import type { LocalizedText } from "../contract/common.ts";

/** What to do about it, by the status or code that the service gave, or the system's where nobody answered. */
const cures = (setting: string): Record<string, LocalizedText> => ({
  RequestTimeTooSkewed: {
    en: "The clock of this machine is wrong: set it by NTP.",
    ru: "Часы этой машины неверны: настройте их по NTP.",
  },
  NoSuchBucket: {
    en: `There is no such bucket: check ${setting}, S3_ENDPOINT and S3_REGION.`,
    ru: `Такого бакета нет: проверьте ${setting}, S3_ENDPOINT и S3_REGION.`,
  },
  301: {
    en: "The bucket is in another region: check S3_REGION and S3_ENDPOINT.",
    ru: "Бакет в другом регионе: проверьте S3_REGION и S3_ENDPOINT.",
  },
  403: {
    en: "Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION, and that the key may list, read, write and delete there.",
    ru: "Проверьте S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION и права ключа: список, чтение, запись, удаление.",
  },
  ENOTFOUND: {
    en: "The name is not known: check S3_ENDPOINT, S3_PATH_STYLE and the DNS of this machine.",
    ru: "Имя не найдено: проверьте S3_ENDPOINT, S3_PATH_STYLE и DNS этой машины.",
  },
  EAI_AGAIN: {
    en: "No name server answered: check the DNS of this machine.",
    ru: "Сервер имён не ответил: проверьте DNS этой машины.",
  },
  ECONNREFUSED: {
    en: "Nobody listens there: check S3_ENDPOINT and whether the storage runs.",
    ru: "Там никто не отвечает: проверьте S3_ENDPOINT и работает ли хранилище.",
  },
  TimeoutError: {
    en: "It did not answer in time: check S3_ENDPOINT and the way to it.",
    ru: "Ответа не дождались: проверьте S3_ENDPOINT и путь до него.",
  },
});

/** Names that the client gives where the answer had none. */
const NAMELESS = new Set(["Error", "UnknownError", "Unknown", "NotFound"]);

interface ServiceError extends Error {
  $metadata?: { httpStatusCode?: number };
}

/** Status of the answer; null where there was none. */
export const statusOf = (error: unknown): number | null =>
  (error as ServiceError | undefined)?.$metadata?.httpStatusCode ?? null;

/** Whether it is the service's refusal by one of these names, for example `NoSuchKey`. */
export const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Whether the store has no room, or none for us. */
export const isBucketFull = (error: unknown): boolean =>
  statusOf(error) === 507 || isNamed(error, "QuotaExceeded", "XMinioStorageFull");

/** What went wrong with a request to a bucket, and the cure. `setting` names the bucket. */
export function describeRefusal(error: unknown, setting: string): LocalizedText {
  const status = statusOf(error);
  const words = status === null ? systemCodes(error) : [status, (error as Error).name];
  const keys = [...new Set(words.map(String).filter((word) => !NAMELESS.has(word)))];
  const said = keys.join(" ") || (error instanceof Error ? error.message : String(error));
  // The service's own code tells more than its status.
  const cure = keys.toReversed().flatMap((key) => cures(setting)[key] ?? [])[0];
  return { en: `${said}.${cure ? ` ${cure.en}` : ""}`, ru: `${said}.${cure ? ` ${cure.ru}` : ""}` };
}

/** Codes such as ENOTFOUND, or the name where there is none, the outermost first. */
function systemCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, name } = error as NodeJS.ErrnoException;
  const own = typeof code === "string" ? code : name;
  return [own, ...systemCodes(error.cause)];
}
