import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A create call that the fake accepted. */
export interface FakeGeneration {
  id: number;
  /** Key of the account that pays, and that alone sees it. */
  key: string;
  network: string;
  photoSha256: string;
  fields: Record<string, string>;
  callbackUrl: string | null;
  createdAt: number;
  /** How often it was polled and its file fetched before the current request. */
  polls: number;
  fetches: number;
}

/** What a step may use to answer one request. */
export interface FakeCall {
  request: IncomingMessage;
  response: ServerResponse;
  /** Null outside the create, poll and file requests of a known generation. */
  generation: FakeGeneration | null;
  /** Address of a finished file of this generation on the file host. */
  resultUrl: string;
  fileHostUrl: string;
  apiUrl: string;
  glb: Buffer;
  /** Posts to the callback address that the create call named; quiet without one. */
  callBack(body: unknown): Promise<void>;
}

/** Answers one request, well or badly. */
export type Step = (call: FakeCall) => void | Promise<void>;

type Body = unknown | ((call: FakeCall) => unknown);
const bodyOf = (body: Body, call: FakeCall) => (typeof body === "function" ? body(call) : body);

/** A JSON answer; a function makes the body from the call. */
export const json =
  (status: number, body: Body, headers: Record<string, string> = {}): Step =>
  (call) => {
    call.response.writeHead(status, { "content-type": "application/json", ...headers });
    call.response.end(JSON.stringify(bodyOf(body, call)));
  };

export const text =
  (status: number, body: string, type = "text/html; charset=utf-8"): Step =>
  ({ response }) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  };

export const html = (status: number): Step =>
  text(status, "<!doctype html><title>GenAPI</title><h1>Service page</h1>");

/** The usual answer to an accepted create call. */
export const started = (status = 200): Step =>
  json(status, ({ generation }: FakeCall) => ({
    request_id: generation?.id,
    model: generation?.network,
    status: "starting",
  }));

/** A poll's answer: the id and whatever else. */
export const state = (
  fields: Record<string, unknown> | ((call: FakeCall) => Record<string, unknown>),
): Step => json(200, (call: FakeCall) => ({ id: call.generation?.id, ...(bodyOf(fields, call) as object) }));

/** A poll's answer for a finished generation; `result` from the call. */
export const success = (fields: (call: FakeCall) => Record<string, unknown>): Step =>
  state((call) => ({ status: "success", cost: 17, progress: 100, ...fields(call) }));

/** Never answers; the client has to give up. */
export const hang: Step = () => {};

/** Sends the head and half of the body, then nothing. */
export const hangInBody =
  (type: string, half: string | Buffer): Step =>
  ({ response }) => {
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(half) * 2 });
    response.write(half);
  };

/** Cuts the connection without an answer. */
export const reset: Step = ({ request }) => {
  request.socket.resetAndDestroy();
};

/** Sends a part of what it promised, then ends the connection. */
export const cut =
  (type: string, part: (call: FakeCall) => Buffer, promisedBytes: (call: FakeCall) => number): Step =>
  (call) => {
    call.response.writeHead(200, { "content-type": type, "content-length": promisedBytes(call) });
    call.response.write(part(call));
    call.request.socket.destroySoon();
  };

export const file =
  (content: (call: FakeCall) => Buffer, type = "model/gltf-binary"): Step =>
  (call) => {
    const bytes = content(call);
    call.response.writeHead(200, { "content-type": type, "content-length": bytes.length });
    call.response.end(bytes);
  };

/** Bytes for ever or until the other side leaves, whatever length (default none) was announced. */
export const endless =
  (announcedBytes?: number): Step =>
  async ({ request }) => {
    const { socket } = request;
    const length = announcedBytes === undefined ? "" : `Content-Length: ${announcedBytes}\r\n`;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: model/gltf-binary\r\nConnection: close\r\n${length}\r\n`);
    const block = Buffer.alloc(64 * 1024, 1);
    while (!socket.destroyed) {
      if (!socket.write(block)) await Promise.race([onceDrained(socket), delay(50)]);
    }
  };

const onceDrained = (socket: Socket) => new Promise((resolve) => socket.once("drain", resolve));

export const redirect =
  (location: string | ((call: FakeCall) => string), status = 302): Step =>
  (call) => {
    call.response.writeHead(status, {
      location: typeof location === "function" ? location(call) : location,
    });
    call.response.end();
  };
