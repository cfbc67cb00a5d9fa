import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** The channel on which Node tells of a request to a server of this process. */
const REQUEST_BEGUN = "http.server.request.start";

/** The server's end of the next request to a path of this process. */
export function nextServerSocket(path: string): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const note = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    if (request.url !== path) return;
    unsubscribe(REQUEST_BEGUN, note);
    resolve(socket);
  };
  subscribe(REQUEST_BEGUN, note);
  return promise;
}
