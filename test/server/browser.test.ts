import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { findBrowser } from "../support/find-browser.ts";

const PAGE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>t</title><style>body{margin:0}</style>
<canvas width="100" height="100"></canvas><script>
const gl = document.querySelector("canvas").getContext("webgl2");
const part = (type, text) => { const s = gl.createShader(type); gl.shaderSource(s, text); gl.compileShader(s); return s; };
const program = gl.createProgram();
gl.attachShader(program, part(gl.VERTEX_SHADER, "#version 300 es\\nvoid main(){vec2 p[3]=vec2[3](vec2(-1,-1),vec2(3,-1),vec2(-1,3));gl_Position=vec4(p[gl_VertexID],0,1);}"));
gl.attachShader(program, part(gl.FRAGMENT_SHADER, "#version 300 es\\nprecision highp float;out vec4 c;void main(){c=gl_FragCoord.x<50.?vec4(1,0,0,1):vec4(0,0,1,1);}"));
gl.linkProgram(program); gl.useProgram(program); gl.drawArrays(gl.TRIANGLES, 0, 3);
</script></html>`;

let browser: TestBrowser;
const server = createServer((_request, response) =>
  response.setHeader("content-type", "text/html").end(PAGE),
);
let address: string;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

test("WebGL 2 draws the pixels that a shader asks for", async () => {
  const { page, problems } = await browser.newPage({ width: 100, height: 100 });
  await page.goto(address);
  const { data, info } = await sharp(await page.screenshot())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) =>
    [...data.subarray((y * info.width + x) * info.channels)].slice(0, 3);
  assert.deepEqual(pixel(10, 50), [255, 0, 0]);
  assert.deepEqual(pixel(90, 50), [0, 0, 255]);
  assert.deepEqual(problems, []);
});

test("a page takes on size, language, colour scheme and touch", async () => {
  const { page } = await browser.newPage({
    width: 390,
    height: 844,
    language: "ru-RU",
    colorScheme: "dark",
    hasTouch: true,
  });
  await page.goto(address);
  const seen = await page.evaluate(() => ({
    width: innerWidth,
    language: navigator.language,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    touch: navigator.maxTouchPoints > 0,
  }));
  assert.deepEqual(seen, { width: 390, language: "ru-RU", dark: true, touch: true });
});

test("addresses outside this machine are refused and recorded", async () => {
  const { page, outsideRequests } = await browser.newPage();
  const reasons: (string | undefined)[] = [];
  page.on("requestfailed", (request) => reasons.push(request.failure()?.errorText));
  await page.goto(address);
  const load = (url: string) =>
    page.evaluate(
      (target) =>
        fetch(target, { mode: "no-cors" }).then(
          () => "loaded",
          () => "refused",
        ),
      url,
    );
  assert.equal(await load(address), "loaded");
  assert.equal(await load("http://outside.example/"), "refused");
  assert.equal(await load("http://192.0.2.1/"), "refused");
  assert.deepEqual(outsideRequests, ["http://outside.example/", "http://192.0.2.1/"]);
  assert.deepEqual(reasons, ["net::ERR_NAME_NOT_RESOLVED", "net::ERR_NAME_NOT_RESOLVED"]);
});

test("console errors and uncaught errors are collected", async () => {
  const { page, problems } = await browser.newPage();
  await page.goto(address);
  await page.evaluate(() => {
    console.error("from the console");
    setTimeout(() => {
      throw new Error("not caught");
    });
  });
  await page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 50)));
  assert.match(problems.join("\n"), /from the console/);
  assert.match(problems.join("\n"), /not caught/);
});

test("a wrong CHROMIUM_PATH is named in one sentence", async () => {
  await assert.rejects(
    findBrowser({ CHROMIUM_PATH: "/nowhere/chrome" }),
    /CHROMIUM_PATH is \/nowhere\/chrome/,
  );
});
