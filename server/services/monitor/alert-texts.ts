import type { LocalizedText } from "../../contract/common.ts";
import type { AlertKey } from "../../models/alert-severities.ts";

export interface AlertText {
  /** What happened. */
  title: LocalizedText;
  /** What to do next. */
  advice: LocalizedText;
}

const SLOW_ADVICE: LocalizedText = {
  en: "See on the page of the system when it began, and what else the machine was doing then.",
  ru: "Посмотрите на странице системы, когда это началось и чем ещё тогда была занята машина.",
};

const slow = (en: string, ru: string): AlertText => ({ title: { en, ru }, advice: SLOW_ADVICE });

/** The words of each rule, by its key. */
const TEXTS: Record<AlertKey, AlertText> = {
  "database.failing": {
    title: { en: "The database does not answer", ru: "База данных не отвечает" },
    advice: {
      en: "See that it runs, has room on its disk and can be reached; `npm run doctor` says what is wrong.",
      ru: "Проверьте, что она работает, на её диске есть место и она доступна; `npm run doctor` скажет, что не так.",
    },
  },
  "storage.failing": {
    title: { en: "Files can't be written or read", ru: "Файлы не записываются или не читаются" },
    advice: {
      en: "See that the upload folder is there, is writable and has room; `npm run doctor` says what is wrong.",
      ru: "Проверьте, что папка загрузок на месте, в неё можно писать и есть свободное место; `npm run doctor` скажет, что не так.",
    },
  },
  "queue.failing": {
    title: { en: "The queue of work stands still", ru: "Очередь работ стоит" },
    advice: {
      en: "It lives in the database: see how that is. Where processes have roles, see that one with ROLE=worker runs.",
      ru: "Она хранится в базе данных: проверьте, как та работает. Если у процессов разные роли, проверьте, что запущен процесс с ROLE=worker.",
    },
  },
  "provider.failing": {
    title: { en: "GenAPI is away or refuses work", ru: "GenAPI недоступен или не принимает работу" },
    advice: {
      en: "Work waits and goes on by itself when it is back. If the key is refused or the money is used up, renew them and resume the provider.",
      ru: "Работа ждёт и продолжится сама, когда он вернётся. Если ключ отклонён или деньги закончились, обновите их и возобновите работу с провайдером.",
    },
  },
  "cache.failing": {
    title: { en: "Redis is away", ru: "Redis недоступен" },
    advice: {
      en: "The memory of each process stands in for it meanwhile. See that it runs, and check REDIS_URL.",
      ru: "Пока его заменяет память каждого процесса. Проверьте, что он работает, и значение REDIS_URL.",
    },
  },
  "database.slow": slow("The database answers slowly", "База данных отвечает медленно"),
  "storage.slow": slow("Files are written and read slowly", "Файлы записываются и читаются медленно"),
  "queue.slow": slow("The queue of work answers slowly", "Очередь работ отвечает медленно"),
  "provider.slow": slow("GenAPI answers slowly", "GenAPI отвечает медленно"),
  "cache.slow": slow("The cache answers slowly", "Кэш отвечает медленно"),
  "queue.age": {
    title: { en: "Work has been waiting for long", ru: "Работа долго ждёт очереди" },
    advice: {
      en: "See whether the queue is paused, the provider is away, or more comes than can be done.",
      ru: "Проверьте, не приостановлена ли очередь, доступен ли провайдер и не приходит ли больше работы, чем можно сделать.",
    },
  },
  "provider.balance": {
    title: { en: "The money at GenAPI runs out", ru: "Деньги на счёте GenAPI заканчиваются" },
    advice: {
      en: "Top up the account of GenAPI; without money its work waits.",
      ru: "Пополните счёт GenAPI; без денег его работа будет ждать.",
    },
  },
  "host.disk": {
    title: { en: "The disk is almost full", ru: "Диск почти заполнен" },
    advice: {
      en: "Make room or enlarge the disk; what is in the trash and old backups can go first.",
      ru: "Освободите место или увеличьте диск; начать можно с корзины и старых копий.",
    },
  },
  "host.memory": {
    title: { en: "The memory is almost used up", ru: "Память почти исчерпана" },
    advice: {
      en: "See what else runs on the machine, or give it more memory.",
      ru: "Посмотрите, что ещё работает на машине, или добавьте памяти.",
    },
  },
  "host.http-errors": {
    title: { en: "Many requests fail", ru: "Многие запросы завершаются ошибкой" },
    advice: {
      en: "The log of the server says which and why; each line has the request's id.",
      ru: "В журнале сервера видно, какие и почему; в каждой строке есть номер запроса.",
    },
  },
  "host.generation-errors": {
    title: { en: "Many generations fail", ru: "Многие генерации завершаются ошибкой" },
    advice: {
      en: "See the codes of the failed generations: one that repeats shows the cause.",
      ru: "Посмотрите коды неудачных генераций: повторяющийся код укажет на причину.",
    },
  },
};

/** The words of an alert; one that another version raised is called by its key. */
export const alertText = (key: string): AlertText =>
  TEXTS[key as AlertKey] ?? {
    title: { en: key, ru: key },
    advice: { en: "See the log of the server.", ru: "Посмотрите журнал сервера." },
  };
