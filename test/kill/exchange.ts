import { once } from "node:events";
import net from "node:net";
import { buffer } from "node:stream/consumers";

/** A listener on loopback that stands between a server and one host of the fake. */
export interface Gate {
  url: string;
  dispose(): Promise<void>;
}

/** One request as its bytes, and the ways to go on with it. */
export interface GateCall {
  head: string;
  headBytes: number;
  bytes: Buffer;
  path: string;
  client: net.Socket;
  connect(): Promise<net.Socket>;
  /** Sends the request on (or what is left of it) and answers all bytes of the answer. */
  forward(upstream?: net.Socket, rest?: Buffer): Promise<Buffer>;
}

/** Knows the bytes of every exchange. Needs a new connection for each request, which is what the product does. */
export async function startGate(targetUrl: string, pass: (call: GateCall) => Promise<void>): Promise<Gate> {
  const target = new URL(targetUrl);
  const open = new Set<net.Socket>();
  const track = (socket: net.Socket) => {
    open.add(socket.on("error", () => {}).on("close", () => open.delete(socket)));
    return socket;
  };
  const connect = async () => {
    const port = Number(target.port);
    const upstream = track(net.connect({ port, host: target.hostname, allowHalfOpen: true }));
    await once(upstream, "connect");
    return upstream;
  };
  const answer = async (client: net.Socket) => {
    const request = await readRequest(client);
    const forward = async (upstream?: net.Socket, rest = request.bytes) => {
      const socket = upstream ?? (await connect());
      socket.write(rest);
      const bytes = await buffer(socket);
      socket.destroy();
      return bytes;
    };
    await pass({ ...request, client, connect, forward });
  };
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    answer(track(client)).catch(() => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    async dispose() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Reads a whole request; throws when the client leaves before. */
async function readRequest(client: net.Socket) {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = bytes.toString("latin1", 0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (bytes.length >= end + 4 + length) {
      return { bytes, headBytes: end + 4, head, path: head.split(" ")[1] };
    }
  }
  throw new Error("The client left.");
}
