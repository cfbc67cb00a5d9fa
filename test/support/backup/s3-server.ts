import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { freePort } from "../server-process.ts";
import { createContents, refused, type S3Answer, type S3Contents } from "./s3-contents.ts";
import { refusalOf } from "./s3-signature.ts";

export { S3_ACCOUNT } from "./s3-signature.ts";

/** A request as a test may judge it. */
export interface S3Request {
  method: string;
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  /** Whether the bucket was in the path, and not in the name of the host. */
  isPathStyle: boolean;
}

/**
 * What becomes of a request instead of an answer: another answer, a connection that ends at once (`hang-up`), or in the
 * middle of the content (`cut`), or an answer whose connection ends before it, though all was done (`lost`).
 */
type Mischief = S3Answer | "hang-up" | "cut" | "lost" | null;

/**
 * Buckets in memory that speak as much of S3 as the product needs, and refuse every request that isn't signed rightly.
 */
export interface S3Server extends S3Contents {
  endpoint: string;
  /** Contents of every bucket; `objects` and `uploads` are those of the first. */
  buckets: Map<string, S3Contents>;
  /** Everything that was asked, in the order of the answers. */
  requests: S3Request[];
  /** So many requests from now on answer 503. */
  failNext(count: number): void;
  /** Judges each request that is signed rightly. */
  misbehave(judge: ((request: S3Request) => Mischief | Promise<Mischief>) | null): void;
  /** Milliseconds that its clock, which it tells with each answer, is ahead. */
  clockAheadMs: number;
  /** Nobody listens any more; what was stored stays. */
  goAway(): Promise<void>;
  /** At the same address again. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

interface S3ServerOptions {
  buckets?: string[];
  /** Default any free one. */
  port?: number;
  /** Lists have no longer pages; far fewer than S3's, so that there is more than one. */
  pageRows?: number;
  /** Least size of a part that isn't the last one; S3 has 5 MiB. */
  partBytes?: number;
}

export async function startS3Server({
  buckets: names = ["backups"],
  port = 0,
  pageRows = 2,
  partBytes = 0,
}: S3ServerOptions = {}): Promise<S3Server> {
  const buckets = new Map(names.map((name) => [name, createContents({ pageRows, partBytes })]));
  const requests: S3Request[] = [];
  let failures = 0;
  let judge: Parameters<S3Server["misbehave"]>[0] = null;

  function perform({ method, bucket, key, query, headers }: S3Request, body: Buffer): S3Answer {
    const contents = buckets.get(bucket);
    if (!contents) return refused(404, "NoSuchBucket");
    if (!key) {
      if (method === "HEAD") return { status: 200 };
      return query.has("uploads") ? contents.listUploads(query) : contents.list(query);
    }
    const id = query.get("uploadId");
    const upload = id === null ? undefined : contents.uploads.get(id);
    if (id !== null && upload?.key !== key) return refused(404, "NoSuchUpload");
    switch (method) {
      case "POST":
        if (id !== null && upload) return contents.complete(id, upload, body.toString());
        return query.has("uploads") ? contents.startUpload(key, headers) : refused(501, "NotImplemented");
      case "PUT": {
        if (upload) return contents.putPart(upload, Number(query.get("partNumber")), body);
        const source = headers["x-amz-copy-source"];
        if (typeof source !== "string") return contents.write(key, body, headers);
        const [, from, name] = /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(source)) ?? [];
        return contents.copy(key, buckets.get(from)?.objects.get(name), headers);
      }
      case "DELETE":
        if (id !== null) contents.uploads.delete(id);
        else contents.objects.delete(key);
        return { status: 204 };
      case "GET":
      case "HEAD":
        return contents.read(key, query, headers.range);
      default:
        return refused(405, "MethodNotAllowed");
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, "http://127.0.0.1");
    const body = await buffer(request);
    const now = Date.now() + server.clockAheadMs;
    response.setHeader("date", new Date(now).toUTCString());
    if (failures > 0) {
      failures--;
      return send(request, response, refused(503, "SlowDown"));
    }
    const refusal = refusalOf(request, url, body, now);
    if (refusal) return send(request, response, refused(refusal === "NotImplemented" ? 501 : 403, refusal));
    const read = readRequest(request, url, [...buckets.keys()]);
    const mischief = (await judge?.(read)) ?? null;
    if (mischief === "hang-up") return void request.socket.destroy();
    const answered = mischief === null || typeof mischief === "string" ? perform(read, body) : mischief;
    requests.push(read);
    if (mischief === "lost") return void request.socket.destroy();
    send(request, response, answered, mischief === "cut");
  }

  // Only the client ends a connection that nothing comes over, so that no request is sent as the server does.
  const listener = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // Who goes away in the middle of a request has sent nothing.
    answer(request, response).catch(() => response.destroy());
  });
  const listen = async (at: number) => {
    listener.listen(at, "127.0.0.1");
    await once(listener, "listening");
    return (listener.address() as AddressInfo).port;
  };
  /** No port that the system gives to others, so that it is still free when the server comes back. */
  const listenAnywhere = async (): Promise<number> => {
    for (;;) {
      const free = await listen(await freePort()).catch((error: NodeJS.ErrnoException) => {
        // Somebody else was faster.
        if (error.code !== "EADDRINUSE") throw error;
        return null;
      });
      if (free !== null) return free;
    }
  };
  const openPort = port ? await listen(port) : await listenAnywhere();
  const goAway = async () => {
    listener.closeAllConnections();
    listener.close();
    await once(listener, "close");
  };
  const first = buckets.get(names[0]) as S3Contents;
  const server: S3Server = {
    endpoint: `http://127.0.0.1:${openPort}`,
    objects: first.objects,
    uploads: first.uploads,
    buckets,
    requests,
    clockAheadMs: 0,
    failNext(count) {
      failures = count;
    },
    misbehave(next) {
      judge = next;
    },
    goAway,
    async comeBack() {
      await listen(openPort);
    },
    async close() {
      if (listener.listening) await goAway();
    },
  };
  return server;
}

/** The bucket is the first part of the path, or the host's name before its first dot. */
function readRequest(request: IncomingMessage, url: URL, names: string[]): S3Request {
  const host = request.headers.host ?? "";
  const own = names.find((name) => host.startsWith(`${name}.`));
  const path = decodeURIComponent(url.pathname).replace(/^\//, "");
  const [bucket, ...key] = own ? [own, path] : path.split("/");
  return {
    method: request.method as string,
    bucket,
    key: key.join("/"),
    query: url.searchParams,
    headers: request.headers,
    isPathStyle: !own,
  };
}

function send(request: IncomingMessage, response: ServerResponse, answer: S3Answer, isCut = false): void {
  const { status, headers = {}, content = "" } = answer;
  const bytes = Buffer.from(content);
  response.writeHead(status, {
    ...(typeof content === "string" && content && { "content-type": "application/xml" }),
    ...(status !== 204 && { "content-length": String(bytes.length) }),
    ...headers,
  });
  if (request.method === "HEAD") return void response.end();
  if (!isCut) return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
