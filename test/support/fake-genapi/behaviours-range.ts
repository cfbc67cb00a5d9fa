import type { IncomingHttpHeaders } from "node:http";
import type { Behaviour } from "./behaviour.ts";
import { type FakeCall, file, type Step, success } from "./steps.ts";

const GLB = "model/gltf-binary";
const LONG_AGO = "Sun, 01 Nov 2026 08:00:00 GMT";

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const serving = (...files: Step[]): Behaviour => ({ polls: [done], files });
const third = ({ glb }: FakeCall) => Math.ceil(glb.length / 3);

interface RangeHost {
  /** Headers of both kinds of answer; their `etag` or `last-modified` is what If-Range must name. */
  headers: Record<string, string>;
  body?: (call: FakeCall) => Buffer;
  /** Bytes after which every answer is cut; default none. */
  cutAfter?: (call: FakeCall) => number;
  /** Answers a range without looking at If-Range. */
  isCareless?: boolean;
  contentRange?: (start: number, total: number) => string | undefined;
}

function wantsRest({ headers, isCareless }: RangeHost, request: IncomingHttpHeaders): number | null {
  const start = Number(/^bytes=(\d+)-$/.exec(request.range ?? "")?.[1]);
  if (!Number.isInteger(start)) return null;
  const isFit = request["if-range"] === (headers.etag ?? headers["last-modified"]);
  return isFit || isCareless ? start : null;
}

/** A host that takes ranges (RFC 9110, section 14). */
const ranged =
  (host: RangeHost): Step =>
  (call) => {
    const { request, response } = call;
    const whole = host.body?.(call) ?? call.glb;
    const start = wantsRest(host, request.headers);
    const bytes = whole.subarray(start ?? 0);
    const range = `bytes ${start}-${whole.length - 1}/${whole.length}`;
    const contentRange = host.contentRange ? host.contentRange(start ?? 0, whole.length) : range;
    response.writeHead(start === null ? 200 : 206, {
      "content-type": GLB,
      "content-length": bytes.length,
      ...host.headers,
      ...(start !== null && contentRange && { "content-range": contentRange }),
    });
    const limit = host.cutAfter?.(call) ?? bytes.length;
    if (bytes.length <= limit) return void response.end(bytes);
    response.write(bytes.subarray(0, limit));
    request.socket.destroySoon();
  };

const etag = { etag: '"one"' };
/** Another body of the same length. */
const other = ({ glb }: FakeCall) => Buffer.alloc(glb.length, 7);
const cutFirst = (changes: Partial<RangeHost> = {}) => ranged({ headers: etag, cutAfter: third, ...changes });
const misplaced = (contentRange: RangeHost["contentRange"]) =>
  serving(
    cutFirst(),
    ranged({ headers: etag, contentRange }),
    file(({ glb }) => glb),
  );

/** What happens when the rest of a broken download is asked for. */
export const rangeBehaviours = {
  "range-etag": serving(cutFirst()),
  "range-last-modified": serving(cutFirst({ headers: { "last-modified": LONG_AGO } })),
  "range-weak-etag": serving(
    cutFirst({ headers: { etag: 'W/"one"' } }),
    file(({ glb }) => glb),
  ),
  "range-none": serving(
    cutFirst({ headers: { ...etag, "accept-ranges": "none" } }),
    file(({ glb }) => glb),
  ),
  "range-ignored": serving(
    cutFirst(),
    file(({ glb }) => glb),
  ),
  "range-changed": serving(cutFirst({ body: other }), ranged({ headers: { etag: '"two"' } })),
  "range-changed-careless": serving(
    cutFirst({ body: other }),
    ranged({ headers: { etag: '"two"' }, isCareless: true }),
  ),
  "range-wrong-start": misplaced((start, total) => `bytes ${start - 1}-${total - 1}/${total}`),
  "range-wrong-end": misplaced((start, total) => `bytes ${start}-${total - 2}/${total}`),
  "range-wrong-total": misplaced((start, total) => `bytes ${start}-${total}/${total + 1}`),
  "range-unnamed": misplaced(() => undefined),
  "range-416": serving(
    cutFirst(),
    ({ response }) => void response.writeHead(416, { "content-range": "bytes */9" }).end(),
    file(({ glb }) => glb),
  ),
  "range-cut-always": serving(cutFirst({ cutAfter: ({ glb }) => Math.ceil(glb.length / 16) })),
  "range-cut-then-gone": serving(cutFirst(), ({ response }) => void response.writeHead(403).end()),
} satisfies Record<string, Behaviour>;
