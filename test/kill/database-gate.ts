import { once } from "node:events";
import net from "node:net";

/** Stands between one server and the database and can part them. */
export interface DatabaseGate {
  url: string;
  /** Breaks all connections and takes no new ones until `heal`. */
  cut(): void;
  heal(): void;
  dispose(): Promise<void>;
}

export async function startDatabaseGate(databaseUrl: string): Promise<DatabaseGate> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port || 5432) };
  const open = new Set<net.Socket>();
  let isCut = false;
  const server = net.createServer({ noDelay: true }, (client) => {
    if (isCut) return void client.destroy();
    const upstream = net.connect({ ...target, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      open.add(socket);
      socket
        .on("error", () => {})
        .on("close", () => {
          open.delete(socket);
          other.destroy();
        })
        .pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    url: url.href,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    heal() {
      isCut = false;
    },
    async dispose() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}
