import { createServer, type RequestListener, type ServerResponse } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Longer than proxies keep a connection that nothing comes over (nginx and Amazon's 60 s): a request that they send
 * just as it is closed here would be lost, for they repeat no POST that was sent.
 */
const KEEP_ALIVE_MS = 75_000;
const IDLE_LOOK_MS = 200;

export interface StopPace {
  /** So long new connections still come in, until the balancer has seen that they should not. */
  acceptMs: number;
  /** After that connections without a request are left open for so long: one may be on its way. */
  idleMs: number;
  /** Counted from there: then also those are cut whose request has not ended. */
  hangUpMs: number;
}

export interface Listener {
  port: number;
  /** From now on every answer closes its connection, so that proxies come with no further request over it. */
  drain(): void;
  /** Drains, stops to listen, and resolves when all requests have been answered and their connections are closed. */
  stop(pace: StopPace): Promise<void>;
}

/** Of one event of an answer: each layer has one, and a pipeline of bytes some more. Node warns of more than 10. */
const MOST_LISTENERS = 20;

/** Serves `handler`; rejects with what the system says where the address can't be had. Port 0 is any free one. */
export async function listen(
  handler: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  const underWay = new Set<ServerResponse>();
  const connections = new Set<Socket>();
  let isDraining = false;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    response.shouldKeepAlive &&= !isDraining;
    underWay.add(response);
    response.setMaxListeners(MOST_LISTENERS);
    response.once("close", () => underWay.delete(response));
    handler(request, response);
  });
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, host, () => resolve()),
  );

  const drain = () => {
    isDraining = true;
    for (const response of underWay) response.shouldKeepAlive = false;
  };
  const closeIdle = () => {
    server.closeIdleConnections();
    // Node takes those for busy on which nothing ever came, such as browsers open in advance.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  // A process that stood still first reads what has come meanwhile: a connection with a request is not idle.
  const afterReading = (work: () => void) => () => setImmediate(work);
  return {
    port: (server.address() as AddressInfo).port,
    drain,
    async stop({ acceptMs, idleMs, hangUpMs }) {
      drain();
      if (acceptMs > 0) await sleep(acceptMs);
      // http's own would also close, at once, the connections on which the next request may be coming.
      const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
      let idleCloser: NodeJS.Timeout | undefined;
      let isClosed = false;
      const idle = setTimeout(
        afterReading(() => {
          if (isClosed) return;
          server.closeIdleConnections();
          idleCloser = setInterval(afterReading(closeIdle), IDLE_LOOK_MS);
        }),
        idleMs,
      );
      const hangUp = setTimeout(() => server.closeAllConnections(), hangUpMs);
      await closed;
      isClosed = true;
      for (const timer of [idle, hangUp, idleCloser]) clearTimeout(timer);
    },
  };
}

const CONNECT_MS = 1000;

/**
 * Rejects like `listen` where another program has the address, without ever listening there itself: what came in
 * meanwhile would be lost.
 */
export async function assertFree({ host, port }: { host: string; port: number }): Promise<void> {
  // Whether the host is one of this machine shows on any of its ports.
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, host, resolve));
  await new Promise((resolve) => probe.close(resolve));
  if (port !== 0 && (await answers(host, port))) {
    throw Object.assign(new Error(`listen EADDRINUSE: address already in use ${host}:${port}`), {
      code: "EADDRINUSE",
    });
  }
}

function answers(host: string, port: number): Promise<boolean> {
  const name = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return new Promise((resolve) => {
    const socket = net.connect({ host: name, port });
    const end = (isThere: boolean) => {
      resolve(isThere);
      socket.destroy();
    };
    // A process that stood still for so long first hears what has come meanwhile.
    socket.setTimeout(CONNECT_MS, () => setImmediate(end, false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
