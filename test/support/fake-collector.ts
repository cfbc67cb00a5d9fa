import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

interface Taken {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Takes whatever is posted to it, as collectors of traces and of errors do, and keeps it for assertions. */
export async function startFakeCollector() {
  const taken: Taken[] = [];
  // Only the client ends a connection that nothing comes over, so that no request is sent as the server does.
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const pieces: Buffer[] | null = await request.toArray().catch(() => null);
    // Who went away in the middle has sent nothing.
    if (!pieces) return;
    const body = Buffer.concat(pieces).toString("utf8");
    taken.push({ method: request.method!, path: request.url!, headers: request.headers, body });
    response.setHeader("Content-Type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    taken,
    /** Answers as soon as `found` is true of what came. */
    async until(found: () => boolean): Promise<void> {
      for (let tries = 0; tries < 1200 && !found(); tries++) await sleep(50);
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type FakeCollector = Awaited<ReturnType<typeof startFakeCollector>>;

export interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  facts: Record<string, unknown>;
}

interface OtlpBody {
  resourceSpans: {
    resource: { attributes: OtlpFact[] };
    scopeSpans: { spans: (Omit<SentSpan, "facts"> & { attributes: OtlpFact[] })[] }[];
  }[];
}
interface OtlpFact {
  key: string;
  value: Record<string, unknown>;
}

const factsOf = (attributes: OtlpFact[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** All spans that a collector was sent (OTLP over HTTP, in JSON). */
export const spansOf = ({ taken }: FakeCollector): SentSpan[] =>
  taken
    .filter(({ path }) => path === "/v1/traces")
    .flatMap(({ body }) => (JSON.parse(body) as OtlpBody).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ attributes, ...span }) => ({ ...span, facts: factsOf(attributes) }));
