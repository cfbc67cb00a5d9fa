import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Something inside that nobody may reach: a listener that counts who connects. */
export interface Canary {
  address: string;
  port: number;
  hits(): number;
  close(): Promise<void>;
}

/** Null where this machine does not let us listen there. `onSocket` takes a connection over that is no hit. */
export async function openCanary(
  address: string,
  port = 0,
  onSocket: (socket: Socket) => boolean = () => false,
): Promise<Canary | null> {
  let hits = 0;
  const server = createServer((socket) => {
    if (onSocket(socket)) return;
    hits += 1;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
  });
  try {
    server.listen({ host: address, port, ipv6Only: false });
    await once(server, "listening");
  } catch {
    return null;
  }
  return {
    address,
    port: (server.address() as AddressInfo).port,
    hits: () => hits,
    async close() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Connects once as anybody could: a canary that can't be reached proves nothing. */
export async function reach(address: string, port: number): Promise<void> {
  const socket = connect({ host: address, port });
  await once(socket, "connect");
  socket.resume();
  await once(socket, "close");
}
