import type { Request, Response } from "express";

const HEARTBEAT_MS = 15_000;

/** A server-sent event stream (WHATWG HTML, section 9.2). */
export interface EventStream {
  send(event: string, id: string, data: unknown): void;
  end(): void;
  /** Aborts when the client has gone, the stream was ended, or the server drains. */
  closed: AbortSignal;
}

/** Opens a stream with a comment every 15 s as heartbeat. */
export function openEventStream(request: Request, response: Response, draining: AbortSignal): EventStream {
  const closed = new AbortController();
  response.status(200).set({
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
  request.socket.setNoDelay(true);
  // An ended stream stays open until a slow client has read it; a write to it then would be an error nobody handles.
  const write = (text: string) => {
    if (!closed.signal.aborted && !response.writableEnded) response.write(text);
  };
  const heartbeat = setInterval(() => write(": heartbeat\n\n"), HEARTBEAT_MS);
  const end = () => response.end();
  const close = () => {
    clearInterval(heartbeat);
    draining.removeEventListener("abort", end);
    closed.abort();
  };
  draining.addEventListener("abort", end, { once: true });
  response.once("close", close);
  if (response.destroyed) close();
  if (draining.aborted) end();
  return {
    send: (event, id, data) => write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`),
    end,
    closed: closed.signal,
  };
}
