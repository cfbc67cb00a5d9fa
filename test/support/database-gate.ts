import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What happens to a connection that commits the transaction that was aimed at. */
export type CommitFate =
  /** The server commits, and its answer never comes. */
  | "answer-lost"
  /** The answer comes, and with it the database goes away. */
  | "away-after";

/** A way to a database that a test can cut at the moment of a commit. */
export interface DatabaseGate {
  url: string;
  /** The next transaction with this text in a statement meets this fate; then the gate is shut until `open`. */
  aim(text: string, fate: CommitFate): void;
  /** Resolves when that has happened. */
  hit(): Promise<void>;
  /** Cuts everything now, and lets nobody in until `open`. */
  shut(): void;
  /** Whoever is in or comes is let in and hears nothing more until `open`. */
  freeze(): void;
  open(): void;
  dispose(): Promise<void>;
}

export async function startDatabaseGate(databaseUrl: string): Promise<DatabaseGate> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let aimed: { text: string; fate: CommitFate; done: PromiseWithResolvers<void> } | null = null;
  let isShut = false;
  let isFrozen = false;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  const shut = () => {
    isShut = true;
    // Not with a reset, which may overtake what was written before.
    for (const socket of sockets) socket.destroySoon();
    aimed?.done.resolve();
  };

  const server = createServer((client) => {
    keep(client);
    if (isShut) return void client.resetAndDestroy();
    const database = connect(Number(target.port), target.hostname);
    keep(database);
    let isMarked = false;
    let isCommitting = false;
    client.on("data", (bytes) => {
      if (isFrozen) return;
      if (aimed && !isShut && bytes.includes(aimed.text)) isMarked = true;
      if (isMarked && bytes.includes("COMMIT")) isCommitting = true;
      database.write(bytes);
    });
    database.on("data", (bytes) => {
      if (isFrozen) return;
      if (!isCommitting) return void client.write(bytes);
      if (aimed?.fate === "answer-lost") shut();
      else client.write(bytes, () => setImmediate(shut));
    });
    client.once("close", () => database.destroy());
    database.once("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    aim(text, fate) {
      aimed = { text, fate, done: Promise.withResolvers() };
    },
    hit: () => aimed!.done.promise,
    shut,
    freeze() {
      isFrozen = true;
    },
    open() {
      // What was not heard can't be made up for.
      if (isFrozen) for (const socket of sockets) socket.destroy();
      isFrozen = false;
      isShut = false;
      aimed = null;
    },
    async dispose() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
