import { createHash, randomUUID } from "node:crypto";

/** An answer of S3; a string is XML. */
export interface S3Answer {
  status: number;
  headers?: Record<string, string>;
  content?: Buffer | string;
}

export interface UploadInParts {
  key: string;
  parts: Map<number, Buffer>;
  initiated: Date;
  metadata?: Record<string, string>;
}

export interface S3Contents {
  objects: Map<string, Buffer>;
  /** Uploads in parts that are neither complete nor ended. */
  uploads: Map<string, UploadInParts>;
}

interface Limits {
  /** Lists have no longer pages, however many rows were asked for. */
  pageRows: number;
  /** Least size of a part that isn't the last. */
  partBytes: number;
}

/** When an object came, by its content. */
const times = new WeakMap<Buffer, Date>();
/** What was told with it, by its content: headers `x-amz-meta-…`. */
const told = new WeakMap<Buffer, Record<string, string>>();
const timeOf = (content: Buffer) => times.get(content) ?? new Date(0);
export const etagOf = (content: Buffer) => `"${createHash("md5").update(content).digest("hex")}"`;

type Headers = Record<string, string | string[] | undefined>;

const metadataIn = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith("x-amz-meta-") && typeof value === "string" ? [[name, value]] : [],
    ),
  );

export const refused = (status: number, code: string): S3Answer => ({
  status,
  content: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What a bucket answers: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export function createContents(limits: Limits) {
  const contents: S3Contents = { objects: new Map(), uploads: new Map() };
  const { objects, uploads } = contents;

  function store(key: string, content: Buffer, metadata: Record<string, string>): void {
    times.set(content, new Date());
    told.set(content, metadata);
    objects.set(key, content);
  }

  /** One page of rows, and what asks for the next. */
  function pageOf<T>(rows: T[], query: URLSearchParams, asked: string): { page: T[]; isCut: boolean } {
    const page = rows.slice(0, Math.min(limits.pageRows, Number(query.get(asked) ?? 1000)));
    return { page, isCut: page.length < rows.length };
  }

  function list(query: URLSearchParams): S3Answer {
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after)
      .sort();
    const { page, isCut } = pageOf(keys, query, "max-keys");
    const rows = page.map((key) => {
      const content = objects.get(key) as Buffer;
      return `<Contents><Key>${escaped(key)}</Key><Size>${content.length}</Size><LastModified>${timeOf(content).toISOString()}</LastModified></Contents>`;
    });
    const next = isCut ? `<NextContinuationToken>${escaped(page.at(-1) ?? "")}</NextContinuationToken>` : "";
    return {
      status: 200,
      content: `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${rows.join("")}${next}</ListBucketResult>`,
    };
  }

  function listUploads(query: URLSearchParams): S3Answer {
    const after = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""].join("\n");
    const rows = [...uploads]
      .map(([id, { key, initiated }]) => ({ id, key, initiated, place: `${key}\n${id}` }))
      .filter(({ key, place }) => key.startsWith(query.get("prefix") ?? "") && place > after)
      .sort((a, b) => (a.place < b.place ? -1 : 1));
    const { page, isCut } = pageOf(rows, query, "max-uploads");
    const texts = page.map(
      ({ id, key, initiated }) =>
        `<Upload><Key>${escaped(key)}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
    );
    const last = page.at(-1);
    const next = isCut
      ? `<NextKeyMarker>${escaped(last?.key ?? "")}</NextKeyMarker><NextUploadIdMarker>${last?.id}</NextUploadIdMarker>`
      : "";
    return {
      status: 200,
      content: `<ListMultipartUploadsResult><IsTruncated>${isCut}</IsTruncated>${texts.join("")}${next}</ListMultipartUploadsResult>`,
    };
  }

  function read(key: string, query: URLSearchParams, range: string | undefined): S3Answer {
    const content = objects.get(key);
    if (!content) return refused(404, "NoSuchKey");
    const headers: Record<string, string> = {
      etag: etagOf(content),
      "last-modified": timeOf(content).toUTCString(),
      "content-type": query.get("response-content-type") ?? "binary/octet-stream",
      "accept-ranges": "bytes",
      ...told.get(content),
    };
    for (const name of ["content-disposition", "cache-control"]) {
      const wanted = query.get(`response-${name}`);
      if (wanted !== null) headers[name] = wanted;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
    if (from === undefined) return { status: 200, headers, content };
    const start = Number(from);
    if (start >= content.length) return refused(416, "InvalidRange");
    const end = Math.min(to ? Number(to) : content.length, content.length - 1);
    headers["content-range"] = `bytes ${start}-${end}/${content.length}`;
    return { status: 206, headers, content: content.subarray(start, end + 1) };
  }

  function write(key: string, body: Buffer, headers: Headers): S3Answer {
    store(key, body, metadataIn(headers));
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  function copy(key: string, source: Buffer | undefined, headers: Headers): S3Answer {
    if (!source) return refused(404, "NoSuchKey");
    const wanted = headers["x-amz-copy-source-if-match"];
    if (wanted !== undefined && wanted !== etagOf(source)) return refused(412, "PreconditionFailed");
    const made = Buffer.from(source);
    store(key, made, told.get(source) ?? {});
    return {
      status: 200,
      content: `<CopyObjectResult><ETag>${etagOf(made)}</ETag><LastModified>${timeOf(made).toISOString()}</LastModified></CopyObjectResult>`,
    };
  }

  function startUpload(key: string, headers: Headers): S3Answer {
    const id = randomUUID();
    uploads.set(id, { key, parts: new Map(), initiated: new Date(), metadata: metadataIn(headers) });
    return {
      status: 200,
      content: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    };
  }

  function putPart({ parts }: UploadInParts, number: number, body: Buffer): S3Answer {
    if (!(number >= 1 && number <= 10_000)) return refused(400, "InvalidArgument");
    parts.set(number, body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  function complete(id: string, { key, parts, metadata }: UploadInParts, body: string): S3Answer {
    const named = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</.exec(part)?.[1].replaceAll("&quot;", '"') ?? "",
    }));
    if (named.some(({ number }, index) => index > 0 && number <= named[index - 1].number))
      return refused(400, "InvalidPartOrder");
    const pieces = named.map(({ number, etag }) => {
      const piece = parts.get(number);
      return piece && etagOf(piece) === etag ? piece : null;
    });
    if (named.length === 0 || pieces.includes(null)) return refused(400, "InvalidPart");
    const whole = pieces as Buffer[];
    if (whole.slice(0, -1).some(({ length }) => length < limits.partBytes))
      return refused(400, "EntityTooSmall");
    const content = Buffer.concat(whole);
    store(key, content, metadata ?? {});
    uploads.delete(id);
    return {
      status: 200,
      content: `<CompleteMultipartUploadResult><Key>${escaped(key)}</Key><ETag>${etagOf(content)}</ETag></CompleteMultipartUploadResult>`,
    };
  }

  return { ...contents, list, listUploads, read, write, copy, startUpload, putPart, complete };
}
