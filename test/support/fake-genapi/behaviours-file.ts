import type { Behaviour } from "./behaviour.ts";
import {
  cut,
  endless,
  type FakeCall,
  file,
  hangInBody,
  json,
  redirect,
  reset,
  type Step,
  success,
  text,
} from "./steps.ts";

const GLB = "model/gltf-binary";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const EMPTY_ZIP = Buffer.from("504b0506000000000000000000000000000000000000", "hex");

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const serving = (...files: Step[]): Behaviour => ({ polls: [done], files });
const pointingTo = (url: string | ((call: FakeCall) => string)): Behaviour => ({
  polls: [success((call) => ({ result: [typeof url === "function" ? url(call) : url] }))],
});
const whole = file(({ glb }) => glb);
const half = ({ glb }: FakeCall) => glb.subarray(0, glb.length >> 1);

/** A GLB whose header names another length than the file has. */
function withLyingHeader({ glb }: FakeCall): Buffer {
  const bytes = Buffer.from(glb);
  bytes.writeUInt32LE(glb.length + 4096, 8);
  return bytes;
}

/** What happens when the finished file is fetched. */
export const fileBehaviours = {
  "file-403-then-ok": serving(text(403, "<Error>AccessDenied</Error>", "application/xml"), whole),
  "file-404-then-ok": serving(text(404, "<Error>NoSuchKey</Error>", "application/xml"), whole),
  "file-410-then-ok": serving(text(410, "Gone"), whole),
  "file-404": serving(text(404, "<Error>NoSuchKey</Error>", "application/xml")),
  "file-503-then-ok": serving(text(503, "Slow down"), whole),
  "file-reset-then-ok": serving(reset, whole),
  "file-without-length": serving(({ response, glb }) => {
    response.writeHead(200, { "content-type": GLB });
    response.write(glb.subarray(0, 100));
    response.end(glb.subarray(100));
  }),
  "file-truncated": serving(file(half)),
  "file-cut": serving(cut(GLB, half, ({ glb }) => glb.length)),
  "file-hang": serving((call) => hangInBody(GLB, half(call))(call)),
  "file-lying-header": serving(file(withLyingHeader)),
  "file-short-length": serving(({ request, glb }) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${GLB}\r\nContent-Length: ${glb.length >> 1}\r\n\r\n`;
    request.socket.end(Buffer.concat([Buffer.from(head), glb]));
  }),
  "file-html": serving(text(200, "<!doctype html><h1>Expired</h1>")),
  "file-json": serving(json(200, { error: "expired" })),
  "file-png": serving(file(() => PNG, GLB)),
  "file-zip": serving(file(() => EMPTY_ZIP, GLB)),
  "file-empty": serving(file(() => Buffer.alloc(0))),
  "file-gzip": serving(({ response }) => {
    response.writeHead(200, { "content-type": GLB, "content-encoding": "gzip" });
    response.end(Buffer.from("1f8b08000000000000030300000000000000000000", "hex"));
  }),
  "file-endless": serving(endless()),
  "file-endless-announced": serving(endless(250_000_000)),
  "file-endless-lying": serving(endless(1000)),
  "file-huge": serving(cut(GLB, half, () => 50 * 1024 ** 3)),
  "redirect-ok": serving(
    redirect(({ resultUrl }) => `${resultUrl}?moved`),
    whole,
  ),
  "redirect-relative": serving(
    redirect(({ generation }) => `/files/${generation?.id}.glb?moved`),
    whole,
  ),
  "redirect-loop": serving(redirect(({ resultUrl }) => resultUrl)),
  "redirect-http": serving(redirect("http://gen-api.storage.yandexcloud.net/x.glb")),
  "redirect-loopback": serving(redirect("http://127.0.0.2/x.glb")),
  "redirect-private": serving(redirect("http://10.0.0.1/secret.glb")),
  "redirect-metadata": serving(redirect("http://169.254.169.254/latest/meta-data/")),
  "redirect-localhost": serving(redirect(({ fileHostUrl }) => fileHostUrl.replace("127.0.0.1", "localhost"))),
  "redirect-file": serving(redirect("file:///etc/passwd")),
  "redirect-nowhere": serving(({ response }) => {
    response.writeHead(302).end();
  }),
  "url-http": pointingTo("http://gen-api.storage.yandexcloud.net/input_files/x.glb"),
  "url-private": pointingTo("https://192.168.1.1/x.glb"),
  "url-mapped": pointingTo("https://[::ffff:127.0.0.1]/x.glb"),
  "url-file": pointingTo("file:///etc/passwd"),
  "url-data": pointingTo("data:model/gltf-binary;base64,Z2xURg=="),
  "url-foreign": pointingTo("https://example.com/x.glb"),
} satisfies Record<string, Behaviour>;
