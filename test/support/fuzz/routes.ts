import type { Resolve, Schema } from "./schema.ts";

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** A declared route as openapi.json shows it. */
export interface FuzzRoute {
  name: string;
  method: string;
  /** With `{names}`. */
  path: string;
  params: Record<string, Schema>;
  query: Schema;
  /** Null where it takes none. */
  body: Schema | null;
  isMultipart: boolean;
}

/** All declared routes, those that delete things last. */
export async function readRoutes(url: string): Promise<{ routes: FuzzRoute[]; resolve: Resolve }> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const resolve: Resolve = (schema) =>
    schema.$ref ? resolve(document.components?.schemas?.[schema.$ref.split("/").pop()!] ?? {}) : schema;
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => routeOf(path, method.toUpperCase(), operation)),
  );
  const order = ({ method }: FuzzRoute) => (method === "DELETE" ? 1 : 0);
  return { routes: routes.toSorted((a, b) => order(a) - order(b)), resolve };
}

function routeOf(path: string, method: string, { parameters = [], requestBody }: Operation): FuzzRoute {
  const schemasIn = (place: string) =>
    Object.fromEntries(
      parameters.filter((known) => known.in === place).map(({ name, schema }) => [name, schema]),
    );
  const [[mediaType, content] = ["", null]] = Object.entries(requestBody?.content ?? {});
  return {
    name: `${method} ${path}`,
    method,
    path,
    params: schemasIn("path"),
    query: { type: "object", properties: schemasIn("query") },
    body: content?.schema ?? null,
    isMultipart: mediaType.startsWith("multipart"),
  };
}

/** What a request is made of. */
export interface FuzzRequest {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
}

/** Bytes of UTF-8, of half surrogates too, as a part of an address. */
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : (JSON.stringify(value) ?? ""), "utf8").reduce(
    (text, byte) => `${text}%${byte.toString(16).padStart(2, "0")}`,
    "",
  );

export function addressOf(route: FuzzRoute, { params, query }: FuzzRequest): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => encode(params[name]) || "%20");
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return path + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
}

const CUT = "a-boundary-of-tests";

/** A multipart body by hand, for a library would mend what is wrong with it. */
function multipartOf(fields: unknown): Buffer {
  const entries: [string, unknown][] =
    typeof fields === "object" && fields !== null ? Object.entries(fields) : [["x", fields]];
  const parts = entries.map(([name, value]) => {
    const isFile = ["photo", "file", "image"].includes(name);
    const safe = String(name).replace(/["\r\n]/g, "_");
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    const fileName = isFile ? `; filename="${text.slice(0, 50).replace(/["\r\n]/g, "_")}"` : "";
    return `--${CUT}\r\nContent-Disposition: form-data; name="${safe}"${fileName}\r\n\r\n${text}\r\n`;
  });
  return Buffer.from(`${parts.join("")}--${CUT}--\r\n`);
}

/** Streams don't end; what they know they tell at once. */
const STREAM_MS = 100;

export async function sendRequest(
  url: string,
  route: FuzzRoute,
  request: FuzzRequest,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; type: string }> {
  const hasBody = route.body !== null && request.body !== undefined;
  const type = route.isMultipart ? `multipart/form-data; boundary=${CUT}` : "application/json";
  const enough = new AbortController();
  const answer = await fetch(url + addressOf(route, request), {
    method: route.method,
    redirect: "manual",
    signal: enough.signal,
    headers: { ...headers, ...(hasBody && { "Content-Type": type }) },
    body: !hasBody
      ? undefined
      : route.isMultipart
        ? (multipartOf(request.body) as Uint8Array<ArrayBuffer>)
        : JSON.stringify(request.body),
  });
  const mediaType = answer.headers.get("content-type") ?? "";
  if (mediaType.startsWith("text/event-stream")) {
    setTimeout(() => enough.abort(), STREAM_MS);
    await answer.text().catch(() => "");
    return { status: answer.status, text: "", type: mediaType };
  }
  return { status: answer.status, text: await answer.text(), type: mediaType };
}
