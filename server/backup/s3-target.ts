import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { S3mini, S3ServiceError, type UploadPart } from "s3mini";
import type { LocalizedText } from "../contract/common.ts";
import { AppError } from "../errors.ts";
import type { S3Account } from "../operations-config.ts";
import { assertKey, assertPrefix } from "../storage/key-path.ts";
import type { BackupTarget, TargetObject } from "./target.ts";

interface S3TargetOptions {
  bucket: string;
  /** Empty, or ends with a slash. */
  prefix: string;
  s3: S3Account;
  /** Content is sent in pieces of this size; larger than one makes an upload in parts, of which S3 takes 10 000. */
  partBytes?: number;
}

/** 10 000 of these are 156 GiB; one per upload is in memory. */
const PART_BYTES = 16 * 1024 * 1024;
const PAGE = 1000;
const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;

/**
 * Backups in a bucket of Amazon S3 or of anything that speaks its protocol
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/), addressed by path. A bucket should have a lifecycle rule that
 * ends uploads which a killed process has left.
 */
export function createS3Target(options: S3TargetOptions): BackupTarget {
  const { bucket, prefix, s3, partBytes = PART_BYTES } = options;
  const base = s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`;

  const clientFor = (signal?: AbortSignal) =>
    new S3mini({
      accessKeyId: s3.accessKeyId,
      secretAccessKey: s3.secretAccessKey,
      region: s3.region,
      endpoint: `${base.replace(/\/+$/, "")}/${bucket}`,
      fetch: (input, init) => fetch(input, { ...init, signal }),
    });

  async function* list(start: string, signal?: AbortSignal): AsyncGenerator<TargetObject> {
    assertPrefix(start);
    const client = clientFor(signal);
    let token: string | undefined;
    do {
      const page = await retrying(() => client.listObjectsPaged("/", prefix + start, PAGE, token), signal);
      for (const { Key, Size, LastModified } of page?.objects ?? []) {
        yield { key: Key.slice(prefix.length), bytes: Size, modifiedAt: LastModified };
      }
      token = page?.nextContinuationToken;
    } while (token);
  }

  async function putParts(path: string, pieces: AsyncGenerator<Buffer>, first: Buffer, signal?: AbortSignal) {
    const client = clientFor(signal);
    const upload = await retrying(() => client.getMultipartUploadId(path), signal);
    const parts: UploadPart[] = [];
    const send = async (piece: Buffer) => {
      const number = parts.length + 1;
      parts.push(await retrying(() => client.uploadPart(path, upload, piece, number), signal));
    };
    try {
      await send(first);
      for await (const piece of pieces) await send(piece);
      await retrying(() => client.completeMultipartUpload(path, upload, parts), signal);
    } catch (error) {
      await clientFor()
        .abortMultipartUpload(path, upload)
        .catch(() => undefined);
      throw error;
    }
  }

  return {
    name: `s3://${bucket}/${prefix}`,

    async put(key, content, signal) {
      assertKey(key);
      signal?.throwIfAborted();
      const pieces = piecesOf(content, partBytes);
      try {
        const { value: first = Buffer.alloc(0) } = await pieces.next();
        if (first.length === partBytes) return await putParts(prefix + key, pieces, first, signal);
        const client = clientFor(signal);
        await retrying(() => client.putObject(prefix + key, first), signal);
      } finally {
        await pieces.return(undefined);
      }
    },

    async get(key, signal) {
      assertKey(key);
      const answer = await retrying(() => clientFor(signal).getObjectResponse(prefix + key), signal);
      if (!answer) throw new AppError("backup-missing");
      return answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([]);
    },

    list,

    async stat(key) {
      assertKey(key);
      // The first of all keys that begin so is the key itself.
      const page = await retrying(() => clientFor().listObjectsPaged("/", prefix + key, 1));
      const found = page?.objects?.[0];
      return found?.Key === prefix + key ? { key, bytes: found.Size, modifiedAt: found.LastModified } : null;
    },

    async remove(key) {
      assertKey(key);
      await retrying(() => clientFor().deleteObject(prefix + key));
    },

    freeBytes: async () => Number.POSITIVE_INFINITY,

    // An upload that isn't complete is no object; the bucket's lifecycle rule ends it.
    sweep: async () => undefined,
  };
}

/** Pieces of exactly this size but for the last, which is shorter, maybe empty only where it is the only one. */
async function* piecesOf(content: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Buffer> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (let chunk of content) {
    while (length + chunk.length >= bytes) {
      const rest = bytes - length;
      yield Buffer.concat([...chunks, chunk.subarray(0, rest)]);
      chunk = chunk.subarray(rest);
      chunks = [];
      length = 0;
    }
    if (chunk.length > 0) chunks.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(chunks);
}

/** Asks again where the bucket was overloaded or the way to it cut. */
async function retrying<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      const status = error instanceof S3ServiceError ? error.status : null;
      const isPassing = status === null || status === 429 || status >= 500;
      if (!isPassing || attempt === MAX_ATTEMPTS) throw refusal(error);
      await sleep(FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal });
    }
  }
}

/** What to do about it, by the status or code that the service gave, or the system's where nobody answered. */
const CURES: Record<string, LocalizedText> = {
  RequestTimeTooSkewed: {
    en: "The clock of this machine is wrong: set it by NTP.",
    ru: "Часы этой машины неверны: настройте их по NTP.",
  },
  NoSuchBucket: {
    en: "There is no such bucket: check BACKUP_DIR, S3_ENDPOINT and S3_REGION.",
    ru: "Такого бакета нет: проверьте BACKUP_DIR, S3_ENDPOINT и S3_REGION.",
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
    en: "The name is not known: check S3_ENDPOINT and the DNS of this machine.",
    ru: "Имя не найдено: проверьте S3_ENDPOINT и DNS этой машины.",
  },
  EAI_AGAIN: {
    en: "No name server answered: check the DNS of this machine.",
    ru: "Сервер имён не ответил: проверьте DNS этой машины.",
  },
  ECONNREFUSED: {
    en: "Nobody listens there: check S3_ENDPOINT and whether the storage runs.",
    ru: "Там никто не отвечает: проверьте S3_ENDPOINT и работает ли хранилище.",
  },
};

function refusal(error: unknown): AppError {
  const words = error instanceof S3ServiceError ? [error.status, error.serviceCode] : systemCodes(error);
  const keys = [...new Set(words.filter(Boolean).map(String))];
  const said = keys.join(" ") || (error instanceof Error ? error.message : String(error));
  // The service's own code tells more than its status.
  const cure = keys.toReversed().flatMap((key) => CURES[key] ?? [])[0];
  return new AppError("backup-target-refused", {
    detail: {
      en: `The bucket for backups did not take a request: ${said}.${cure ? ` ${cure.en}` : ""}`,
      ru: `Хранилище для резервных копий не приняло запрос: ${said}.${cure ? ` ${cure.ru}` : ""}`,
    },
    cause: error,
  });
}

/** Codes such as ENOTFOUND, the outermost first: `fetch` wraps them. */
function systemCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as NodeJS.ErrnoException;
  return [...(code ? [code] : []), ...systemCodes(error.cause)];
}
