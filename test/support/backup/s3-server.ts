import { createHash, createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A bucket in memory that speaks as much of S3 as backups need and refuses every request that isn't signed rightly. */
export interface S3Server {
  endpoint: string;
  objects: Map<string, Buffer>;
  /** Uploads in parts that are neither complete nor ended. */
  uploads: Map<string, Buffer[]>;
  /** So many requests from now on answer 503. */
  failNext(count: number): void;
  close(): Promise<void>;
}

export const S3_ACCOUNT = { region: "eu-test-1", accessKeyId: "AKIATEST", secretAccessKey: "secret/key" };
const BUCKET = "/backups/";
const PAGE = 2;

export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer[]>();
  let failures = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, "http://127.0.0.1");
    const body = await buffer(request);
    const end = (status: number, content: string | Buffer = "") =>
      response.writeHead(status, { "content-type": "application/xml" }).end(content);
    if (failures > 0) {
      failures--;
      return void end(503, "<Error><Code>SlowDown</Code></Error>");
    }
    if (!isSigned(request, url)) return void end(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>");
    if (url.pathname === BUCKET || `${url.pathname}/` === BUCKET)
      return void end(200, list(url.searchParams));
    if (!url.pathname.startsWith(BUCKET)) return void end(404, "<Error><Code>NoSuchBucket</Code></Error>");
    const key = decodeURIComponent(url.pathname.slice(BUCKET.length));
    const upload = url.searchParams.get("uploadId");
    const parts = uploads.get(upload ?? "");
    if (upload && !parts) return void end(404, "<Error><Code>NoSuchUpload</Code></Error>");
    switch (request.method) {
      case "POST":
        return void end(200, url.searchParams.has("uploads") ? startUpload() : complete(upload, key));
      case "PUT":
        if (parts) parts[Number(url.searchParams.get("partNumber")) - 1] = body;
        else objects.set(key, body);
        return void response.writeHead(200, { etag: `"${randomUUID()}"` }).end();
      case "DELETE":
        if (upload) uploads.delete(upload);
        else objects.delete(key);
        return void end(204);
      default: {
        const found = objects.get(key);
        return void (found ? end(200, found) : end(404, "<Error><Code>NoSuchKey</Code></Error>"));
      }
    }
  }

  function startUpload(): string {
    const id = randomUUID();
    uploads.set(id, []);
    return `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
  }

  function complete(id: string | null, key: string): string {
    objects.set(key, Buffer.concat(uploads.get(id as string) as Buffer[]));
    uploads.delete(id as string);
    return `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"x"</ETag></CompleteMultipartUploadResult>`;
  }

  /** In pages that are far smaller than S3's, so that there is more than one. */
  function list(query: URLSearchParams): string {
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after)
      .sort();
    const page = keys.slice(0, Math.min(PAGE, Number(query.get("max-keys"))));
    const isCut = page.length < keys.length;
    const rows = page.map(
      (key) =>
        `<Contents><Key>${key}</Key><Size>${objects.get(key)?.length}</Size><LastModified>2026-11-22T02:00:00.000Z</LastModified></Contents>`,
    );
    return `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${rows.join("")}${
      isCut ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ""
    }</ListBucketResult>`;
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    uploads,
    failNext(count) {
      failures = count;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Signature version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSigned({ method, headers }: IncomingMessage, url: URL): boolean {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
    headers.authorization ?? "",
  );
  if (!match) return false;
  const [, credential, signedHeaders, signature] = match;
  const [id, ...scope] = credential.split("/");
  const date = String(headers["x-amz-date"]);
  const wanted = [date.slice(0, 8), S3_ACCOUNT.region, "s3", "aws4_request"];
  if (id !== S3_ACCOUNT.accessKeyId || scope.join() !== wanted.join()) return false;
  const canonical = [
    method,
    url.pathname,
    url.search.slice(1).split("&").sort().join("&"),
    ...signedHeaders.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    signedHeaders,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = scope.reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${S3_ACCOUNT.secretAccessKey}`,
  );
  const text = ["AWS4-HMAC-SHA256", date, scope.join("/"), digest].join("\n");
  return createHmac("sha256", key).update(text).digest("hex") === signature;
}
