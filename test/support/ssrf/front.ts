import https from "node:https";
import type { Socket } from "node:net";
import tls from "node:tls";
import { generate } from "selfsigned";

export const FRONT_NAME = "files.example.com";
const BODY = Buffer.alloc(300_000, 7);

/**
 * An honest-looking file host with a certificate that this process trusts. `/file` is whole, `/cut` breaks off after a
 * third and takes ranges, `/to?URL` redirects.
 */
export async function makeFront() {
  const { private: key, cert } = await generate([{ name: "commonName", value: FRONT_NAME }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: FRONT_NAME }] }],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), cert]);
  const server = https.createServer({ key, cert }, (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", `https://${FRONT_NAME}`);
    if (pathname === "/to") {
      const to = Buffer.from(decodeURIComponent(search.slice(1))).toString("latin1");
      return void response.writeHead(302, { location: to }).end();
    }
    if (pathname !== "/file" && pathname !== "/cut") return void response.writeHead(404).end();
    response.writeHead(200, { etag: '"one"', "content-length": BODY.length });
    if (pathname === "/file") return void response.end(BODY);
    response.write(BODY.subarray(0, BODY.length / 3), () => setTimeout(() => request.socket.destroy(), 50));
  });
  return {
    bytes: BODY.length,
    /** Answers a connection that somebody else accepted. */
    serve(socket: Socket): void {
      server.emit("connection", socket);
    },
  };
}
