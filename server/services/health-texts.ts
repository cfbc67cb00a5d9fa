import type { LocalizedText } from "../contract/common.ts";

/** What is said of a part; `{value}` is what the finding adds. */
const TEXTS = {
  answers: { en: "It answers.", ru: "Отвечает." },
  "store-usable": { en: "It can be written and read.", ru: "Запись и чтение работают." },
  "cache-memory": {
    en: "It is in the memory of this process; REDIS_URL is not set.",
    ru: "Находится в памяти этого процесса; REDIS_URL не задан.",
  },
  "cache-shared": { en: "Redis can be written and read.", ru: "Redis: запись и чтение работают." },
  "cache-away": {
    en: "Redis is away; the memory of this process stands in for it.",
    ru: "Redis недоступен; его заменяет память этого процесса.",
  },
  "queue-depth": { en: "{value} jobs wait or run.", ru: "Заданий ожидает или выполняется: {value}." },
  "no-worker": {
    en: "Nobody works, jobs that wait: {value}. Start a process with ROLE=worker.",
    ru: "Никто не работает, ждёт заданий: {value}. Запустите процесс с ROLE=worker.",
  },
  "check-failed": {
    en: "It failed or took too long; the log says more.",
    ru: "Проверка не удалась или заняла слишком много времени; подробности в журнале.",
  },
  "provider-none": {
    en: "No remote provider is set up; models are made on this machine.",
    ru: "Удалённый провайдер не настроен; модели создаются на этой машине.",
  },
  "provider-no-limits": {
    en: "Its limits are not set; start the server again.",
    ru: "Его пределы не заданы; перезапустите сервер.",
  },
  "provider-away": { en: "It is away; work waits for it.", ru: "Недоступен; работа ждёт его." },
  "provider-waits": {
    en: "Nothing is sent to it for now: {value}.",
    ru: "Пока ему ничего не отправляется: {value}.",
  },
  "provider-well": { en: "Nothing speaks against it.", ru: "Замечаний нет." },
  "provider-refuses": { en: "It refuses the key: {value}.", ru: "Он не принимает ключ: {value}." },
  "provider-no-balance": {
    en: "It did not say its balance: {value}.",
    ru: "Он не сообщил баланс: {value}.",
  },
  "replica-none": {
    en: "Lists come from the primary database; DATABASE_READ_URL is not set.",
    ru: "Списки читаются с основной базы; DATABASE_READ_URL не задан.",
  },
  "replica-fresh": { en: "Lists come from it.", ru: "Списки читаются с неё." },
  "replica-behind": {
    en: "It is too far behind; lists come from the primary database meanwhile.",
    ru: "Слишком отстаёт; пока списки читаются с основной базы.",
  },
  "replica-away": {
    en: "It does not answer; lists come from the primary database meanwhile.",
    ru: "Не отвечает; пока списки читаются с основной базы.",
  },
  "replica-unfit": {
    en: "DATABASE_READ_URL leads to no standby of this database; lists come from the primary.",
    ru: "DATABASE_READ_URL ведёт не к реплике этой базы; списки читаются с основной.",
  },
  "host-read": { en: "Its disk and memory were read.", ru: "Сведения о диске и памяти получены." },
} as const satisfies Record<string, LocalizedText>;

export type HealthText = keyof typeof TEXTS;

/** A finding as it is kept: the name of its text, and what fills it. */
export const healthMessage = (text: HealthText, value?: string | number): string =>
  value === undefined ? text : `${text}:${value}`;

/** The words of what `healthMessage` made; what older versions kept is there in English only. */
export function healthText(message: string): LocalizedText {
  const [, name, value = ""] = /^([a-z-]+)(?::(.*))?$/s.exec(message) ?? [];
  if (!name || !(name in TEXTS)) return { en: message, ru: message };
  const { en, ru } = TEXTS[name as HealthText];
  const filled = (text: string) => text.replace("{value}", () => value);
  return { en: filled(en), ru: filled(ru) };
}
