import fs from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";
import type { Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import { launchBrowser } from "../support/browser.ts";
import type { TakenShot } from "./scene/camera-work.ts";
import { SHOTS, type Shot } from "./shots.ts";

const HERE = import.meta.dirname;
const THREE_FOLDER = path.resolve(HERE, "../../node_modules/three");
const PHOTOS = path.join(HERE, "photos");
const ORIGIN = "http://localhost";
const PAGE = `<!doctype html><script type="importmap">{"imports":{
  "three":"/three/build/three.module.js","three/addons/":"/three/examples/jsm/"}}</script>
  <script type="module" src="/scene/camera-work.ts"></script>`;
/** Standard deviation of the sensor's grain, of 255. */
const GRAIN = 1.6;

async function serve(page: Page): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return await route.fulfill({ contentType: "text/html", body: PAGE });
    const file = pathname.startsWith("/three/")
      ? path.join(THREE_FOLDER, pathname.slice(7))
      : path.join(HERE, pathname);
    const source = await fs.readFile(file, "utf8").catch(() => null);
    if (source === null) return await route.fulfill({ status: 404 });
    const body = file.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
    await route.fulfill({ contentType: "text/javascript", body });
  });
}

const bytesOf = (dataUrl: string) => Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");

/** Grain as of a camera's sensor, the same every time. */
async function withGrain(png: Buffer): Promise<Sharp> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  let state = 9;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (let i = 0; i < data.length; i++) {
    if (i % info.channels === 3) continue;
    const grain = (random() + random() + random()) * 2 * GRAIN;
    data[i] = Math.max(0, Math.min(255, Math.round(data[i] + grain)));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

async function save(shot: Shot, taken: TakenShot): Promise<void> {
  const at = (suffix: string) => path.join(PHOTOS, `${shot.name}${suffix}`);
  const photo = bytesOf(taken.photo);
  if (shot.background === "transparent") {
    await sharp(photo)
      .resize(640)
      .png({ compressionLevel: 9, palette: true, quality: 90 })
      .toFile(at(".png"));
  } else {
    await (await withGrain(photo)).removeAlpha().jpeg({ quality: 86, mozjpeg: true }).toFile(at(".jpg"));
  }
  const grey = (png: string) => sharp(bytesOf(png)).removeAlpha().extractChannel(0);
  await grey(taken.mask).png({ palette: true, colours: 8, compressionLevel: 9 }).toFile(at("-mask.png"));
  await grey(taken.depth).png({ compressionLevel: 9 }).toFile(at("-depth.png"));
  await grey(taken.side)
    .threshold(128)
    .png({ palette: true, colours: 2, compressionLevel: 9 })
    .toFile(at("-side.png"));
}

/** Renders every photo of the ground truth again: `node test/ground-truth/make.ts [name…]`. */
await using browser = await launchBrowser();
const { page, problems } = await browser.newPage();
await serve(page);
await page.goto(`${ORIGIN}/`);
await page.waitForFunction("window.take");
const sizesFile = path.join(PHOTOS, "sizes.json");
const sizes = JSON.parse(await fs.readFile(sizesFile, "utf8").catch(() => "{}"));
const wanted = process.argv.slice(2);
for (const shot of SHOTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const startedAt = performance.now();
  const taken = await page.evaluate(
    (given) => (window as unknown as { take(shot: Shot): TakenShot }).take(given),
    shot,
  );
  await save(shot, taken);
  sizes[shot.name] = { sizeMetres: taken.sizeMetres, depthMetres: taken.depthMetres };
  console.log(`${shot.name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
await fs.writeFile(sizesFile, `${JSON.stringify(sizes, null, 2)}\n`);
for (const problem of problems) console.error(problem);
