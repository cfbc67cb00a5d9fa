import { once } from "node:events";
import fs from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync } from "node:zlib";

/** With three.js in it. */
const MODEL_VIEWER = new URL(import.meta.resolve("@google/model-viewer/dist/model-viewer.min.js"));

export interface ViewerHost extends AsyncDisposable {
  url: string;
  /** What the product's viewer gets first in place of its own preview. */
  standIn: Buffer | null;
}

/**
 * One address for both viewers, so that the way is the same: the product's own server, handed through, and a page with
 * `<model-viewer>` that shows `raw`. That page fetches script and model at once and gets its script as Brotli.
 */
export async function startViewerHost(product: string, raw: Buffer): Promise<ViewerHost> {
  const script = brotliCompressSync(fs.readFileSync(MODEL_VIEWER));
  const sendGlb = (response: ServerResponse, glb: Buffer) =>
    response.writeHead(200, { "Content-Type": "model/gltf-binary", "Content-Length": glb.length }).end(glb);
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://host");
    if (pathname === "/model-viewer.html") {
      const [width, height] = [Number(searchParams.get("width")), Number(searchParams.get("height"))];
      response.writeHead(200, { "Content-Type": "text/html" }).end(modelViewerPage(width, height));
    } else if (pathname === "/model-viewer.js") {
      response.writeHead(200, { "Content-Type": "text/javascript", "Content-Encoding": "br" }).end(script);
    } else if (pathname === "/raw.glb") {
      sendGlb(response, raw);
    } else if (host.standIn && pathname.endsWith("/files/preview.glb")) {
      sendGlb(response, host.standIn);
    } else handThrough(product, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host: ViewerHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    standIn: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return host;
}

function handThrough(product: string, request: IncomingMessage, response: ServerResponse): void {
  const { host: _, ...headers } = request.headers;
  const onward = http.request(
    new URL(request.url ?? "/", product),
    { method: request.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

const modelViewerPage = (width: number, height: number) => `<!doctype html>
<html lang="en">
  <head>
    <title>model-viewer</title>
    <link rel="preload" href="/raw.glb" as="fetch" crossorigin>
    <script type="module" src="/model-viewer.js"></script>
  </head>
  <body style="margin: 0">
    <model-viewer src="/raw.glb" camera-controls style="width: ${width}px; height: ${height}px"></model-viewer>
  </body>
</html>
`;
