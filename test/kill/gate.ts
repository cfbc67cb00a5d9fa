import { createHash } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Marksman, Target } from "./marksman.ts";

/** Long enough for the other side to read what was sent. */
const READ_MS = 30;

interface Gate {
  url: string;
  dispose(): Promise<void>;
}

/**
 * Stands between the servers and one host of the fake: it knows the bytes of every exchange, so it can kill a
 * server in the middle of one. Needs a new connection for each request, which is what the product does.
 */
export async function startGate(marksman: Marksman, targetUrl: string): Promise<Gate> {
  const target = new URL(targetUrl);
  const open = new Set<net.Socket>();
  const track = (socket: net.Socket) => {
    open.add(socket.on("error", () => {}).on("close", () => open.delete(socket)));
    return socket;
  };
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const upstream = () =>
      track(net.connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true }));
    pass(marksman, track(client), upstream).catch(() => client.destroy());
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

async function pass(marksman: Marksman, client: net.Socket, connect: () => net.Socket): Promise<void> {
  const port = client.remotePort ?? 0;
  const { bytes, headBytes, head } = await readRequest(client);
  const path = head.split(" ")[1];
  const isCreate = head.startsWith("POST ") && path.includes("/networks/");
  const isFile = path.startsWith("/files/");
  const target: Target = isCreate
    ? { photoSha256: await photoHash(bytes.subarray(headBytes), head) }
    : { remoteId: /(\d+)(\.glb.*)?$/.exec(path)?.[1] };
  if (isCreate && marksman.shootOwner("before POST", port, target)) return void client.destroy();
  if (path.includes("/request/get/") && marksman.shootOwner("while polling", port, target)) {
    return void client.destroy();
  }
  const upstream = connect();
  await once(upstream, "connect");
  if (isCreate && marksman.isArmed("POST in flight")) {
    const half = headBytes + ((bytes.length - headBytes) >> 1);
    upstream.write(bytes.subarray(0, half));
    await sleep(READ_MS);
    if (marksman.shootOwner("POST in flight", port, target)) {
      upstream.destroy();
      return void client.destroy();
    }
    upstream.write(bytes.subarray(half));
  } else {
    upstream.write(bytes);
  }
  const answer = await buffer(upstream);
  upstream.destroy();
  if (isCreate && marksman.isArmed("after answer, before save")) {
    // Every second time the answer is on its way to the server when it dies.
    const lastWords = () => void (Math.random() < 0.5 && client.write(answer));
    if (marksman.shootOwner("after answer, before save", port, target, lastWords))
      return void client.destroy();
  }
  if (isFile && marksman.isArmed("mid download")) {
    client.write(answer.subarray(0, answer.length >> 1));
    await sleep(READ_MS);
    if (marksman.shootOwner("mid download", port, target)) return void client.destroy();
    return void client.end(answer.subarray(answer.length >> 1));
  }
  client.end(answer);
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
    if (bytes.length >= end + 4 + length) return { bytes, headBytes: end + 4, head };
  }
  throw new Error("The client left.");
}

async function photoHash(body: Buffer, head: string): Promise<string | undefined> {
  const type = /^content-type: *(.+)$/im.exec(head)?.[1].trim() ?? "";
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const photo = [...form.values()].find((value) => typeof value !== "string");
  return (
    photo &&
    createHash("sha256")
      .update(await photo.bytes())
      .digest("hex")
  );
}
