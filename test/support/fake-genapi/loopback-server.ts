import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface LoopbackServer {
  server: http.Server;
  url: string;
}

/** A client that leaves in the middle is normal here; everything else is shown as a 500. */
async function guard(answer: Handler, request: IncomingMessage, response: ServerResponse) {
  try {
    await answer(request, response);
  } catch (error) {
    if (!response.headersSent && !response.destroyed) response.writeHead(500).end(String(error));
  }
}

export async function listen(answer: Handler, port: number): Promise<LoopbackServer> {
  // Only the client ends a connection that nothing comes over, so that no request is sent as the server does.
  const server = http.createServer(
    { keepAliveTimeout: 0 },
    (request, response) => void guard(answer, request, response),
  );
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Cuts what is open. */
export async function close({ server }: LoopbackServer): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
