import { once } from "node:events";
import net, { type AddressInfo } from "node:net";

/** A line between the product and a provider that can go silent (connections stand, nothing comes) or be cut. */
export async function startProviderLine(targetUrl: string) {
  const target = Number(new URL(targetUrl).port);
  const sockets = new Set<net.Socket>();
  let state: "open" | "silent" | "cut" = "open";
  /** First lines of the requests that did not get through. */
  const unheard: string[] = [];
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = net.createServer((socket) => {
    keep(socket);
    if (state !== "open") {
      socket.once("data", (bytes) => {
        unheard.push(bytes.toString("latin1").split("\r\n", 1)[0]);
        if (state === "cut") socket.destroy();
      });
      return;
    }
    const far = keep(net.connect(target, "127.0.0.1"));
    socket.pipe(far).pipe(socket);
    socket.on("close", () => far.destroy());
    far.on("close", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unheard,
    /** For the requests to come; those that hang stay unanswered. */
    become(next: typeof state) {
      state = next;
    },
    async dispose() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
