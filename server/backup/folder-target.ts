import { randomUUID } from "node:crypto";
import type { ReadStream } from "node:fs";
import { mkdir, open, readdir, rm, rmdir, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { LocalizedText } from "../contract/common.ts";
import { AppError } from "../errors.ts";
import { moveDurably } from "../storage/durable-file.ts";
import { keyToPath } from "../storage/key-path.ts";
import { hasCode, isDiskFull } from "../system-errors.ts";
import type { BackupTarget, TargetObject } from "./target.ts";
import { writeNewFile } from "./write-new-file.ts";

/** Begins with a dot, which no key does. */
const INCOMING = ".incoming";

/** Backups in a folder that only this system user may look into. It is made with the first of them. */
export function createFolderTarget(folder: string): BackupTarget {
  const root = resolve(folder);
  const incoming = join(root, INCOMING);

  async function objectAt(key: string): Promise<TargetObject | null> {
    const found = await stat(keyToPath(root, key)).catch(nullIfGone).catch(refuse);
    return found?.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
  }

  async function* walk(folderKey: string, prefix: string): AsyncGenerator<TargetObject> {
    const entries = await readdir(join(root, folderKey), { withFileTypes: true })
      .catch(nullIfGone)
      .catch(refuse);
    for (const entry of entries ?? []) {
      if (entry.name.startsWith(".")) continue;
      const key = folderKey + entry.name;
      if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
        yield* walk(`${key}/`, prefix);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const found = await objectAt(key);
        if (found) yield found;
      }
    }
  }

  return {
    name: root,

    async put(key, content, signal) {
      const path = keyToPath(root, key);
      const part = join(incoming, randomUUID());
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        await mkdir(incoming, { recursive: true, mode: 0o700 });
        await writeNewFile(part, content, signal);
        await moveDurably(part, path, `${part}-copy`);
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        if (isDiskFull(error)) throw new AppError("disk-full", { cause: error });
        refuse(error);
      }
    },

    async get(key) {
      const handle = await open(keyToPath(root, key)).catch(nullIfGone).catch(refuse);
      if (!handle) throw new AppError("backup-missing");
      return inWords(handle.createReadStream());
    },

    list: (prefix) => walk("", prefix),
    stat: objectAt,

    async remove(key) {
      const path = keyToPath(root, key);
      await rm(path, { force: true }).catch(nullIfGone).catch(refuse);
      for (let emptied = dirname(path); emptied !== root; emptied = dirname(emptied)) {
        const isGone = await rmdir(emptied).then(
          () => true,
          () => false,
        );
        if (!isGone) return;
      }
    },

    async freeBytes() {
      for (let existing = root; ; existing = dirname(existing)) {
        const found = await statfs(existing).catch(nullIfGone).catch(refuse);
        if (found) return found.bavail * found.bsize;
      }
    },

    sweep: () => rm(incoming, { recursive: true, force: true }).catch(refuse),
  };
}

function nullIfGone(error: unknown): null {
  if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
  throw error;
}

/** What a disk, a mount or its permissions may answer, with what that means for people. */
const REFUSALS: Record<string, LocalizedText> = {
  EACCES: { en: "the product's account may not", ru: "у учётной записи продукта нет права" },
  EPERM: { en: "the product's account may not", ru: "у учётной записи продукта нет права" },
  EROFS: { en: "it is mounted read-only", ru: "подключено только для чтения" },
  ENOENT: { en: "it is gone, maybe unmounted", ru: "пропало, возможно отключено" },
  ENOTDIR: { en: "a part of the path is no folder", ru: "часть пути — не папка" },
  EISDIR: { en: "there is a folder in the place of a file", ru: "на месте файла лежит папка" },
  ELOOP: { en: "its links lead in a circle", ru: "ссылки ведут по кругу" },
  EIO: { en: "the disk has errors", ru: "ошибки диска" },
  ENODEV: { en: "the device is gone", ru: "устройство пропало" },
  ENXIO: { en: "the device is gone", ru: "устройство пропало" },
  ENOTCONN: { en: "the network disk is not connected", ru: "сетевой диск не подключён" },
  EHOSTDOWN: { en: "the network disk does not answer", ru: "сетевой диск не отвечает" },
  ETIMEDOUT: { en: "the network disk does not answer", ru: "сетевой диск не отвечает" },
  ESTALE: { en: "the network disk was mounted anew", ru: "сетевой диск подключили заново" },
};

function refuse(error: unknown): never {
  throw refusalOf(error);
}

/** Says what the system refused; what is no refusal of the system's stays as it is. */
function refusalOf(error: unknown): Error {
  const { code = "", path = "" } = error as NodeJS.ErrnoException;
  const why = error instanceof Error && REFUSALS[code];
  if (!why) return error as Error;
  const detail = {
    en: `The folder for backups can't be used: ${why.en} (${code} ${path}).`,
    ru: `Папка для копий недоступна: ${why.ru} (${code} ${path}).`,
  };
  return new AppError("backup-target-refused", { detail, cause: error });
}

/** A stream whose failure is told as `refusalOf` says it. */
function inWords(stream: ReadStream): ReadStream {
  const destroy = stream._destroy;
  stream._destroy = (error, callback) =>
    destroy.call(stream, error, (failure) => {
      callback(failure ? refusalOf(failure) : null);
    });
  return stream;
}
