import type { Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser, type TestBrowser } from "../test/support/browser.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { bigModel } from "./big-model.ts";
import { type Figure, percentile } from "./figures.ts";
import { importModel } from "./import-model.ts";
import { startViewerHost } from "./viewer-host.ts";
import { type FirstFrame, watchPixels } from "./watch-pixels.ts";

const RUNS = 5;
const DEADLINE_MS = 90_000;
/** Of model-viewer's time. */
const AIM = 0.8;
/** A drawn model has thousands of colours, a spinner or a blank canvas a few dozen. */
const MIN_COLOURS = 500;

interface Profile {
  name: string;
  cpuSlowdown: number;
  network: { latency: number; downloadThroughput: number; uploadThroughput: number } | null;
}

const BYTES_PER_MEGABIT = 1e6 / 8;
const PROFILES: Profile[] = [
  { name: "full speed", cpuSlowdown: 1, network: null },
  {
    name: "10 Mbit/s, 40 ms, 4 × CPU",
    cpuSlowdown: 4,
    network: {
      latency: 40,
      downloadThroughput: 10 * BYTES_PER_MEGABIT,
      uploadThroughput: 10 * BYTES_PER_MEGABIT,
    },
  },
];

/** `stage` is what a picture of must show the model. */
const VIEWERS = {
  own: { label: "our viewer, as delivered", stage: "[data-drawn]" },
  ownWhole: { label: "our viewer, model.glb at once", stage: "[data-drawn]" },
  ownRaw: { label: "our viewer, raw file", stage: "[data-drawn]" },
  theirs: { label: "model-viewer, raw file", stage: "model-viewer" },
} as const;
type ViewerName = keyof typeof VIEWERS;
const NAMES = Object.keys(VIEWERS) as ViewerName[];

/** What is timed, both from the start of the navigation. */
const MOMENTS = { drawnAt: "drawn", askedAt: "first draw call" } as const satisfies Record<
  keyof FirstFrame,
  string
>;

async function assertDrawn(page: Page, selector: string): Promise<void> {
  const picture = await page.locator(selector).first().screenshot();
  const pixels = await sharp(picture).removeAlpha().raw().toBuffer();
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length; at += 3) colours.add(pixels.readUIntBE(at, 3));
  if (colours.size < MIN_COLOURS) throw new Error(`${selector} shows ${colours.size} colours: no model.`);
}

/** With `proof` a picture shows that the model is there. */
async function firstFrame(
  browser: TestBrowser,
  address: string,
  stage: string,
  profile: Profile,
  proof: boolean,
): Promise<FirstFrame> {
  const { page, context } = await browser.newPage();
  try {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    if (profile.network) {
      await session.send("Network.emulateNetworkConditions", { offline: false, ...profile.network });
    }
    await session.send("Emulation.setCPUThrottlingRate", { rate: profile.cpuSlowdown });
    await page.addInitScript(watchPixels);
    await page.goto(address, { waitUntil: "commit", timeout: DEADLINE_MS });
    const handle = await page.waitForFunction(() => window.firstFrame, undefined, { timeout: DEADLINE_MS });
    const frame = (await handle.jsonValue()) as FirstFrame;
    if (proof) {
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
      await page.locator(stage).waitFor({ timeout: DEADLINE_MS });
      await assertDrawn(page, stage);
    }
    return frame;
  } finally {
    await context.close();
  }
}

async function stageSize(browser: TestBrowser, address: string) {
  const { page, context } = await browser.newPage();
  await page.goto(address);
  const stage = page.locator("[data-drawn]");
  await stage.waitFor({ timeout: DEADLINE_MS });
  const box = await stage.boundingBox();
  await context.close();
  if (!box) throw new Error("The viewer has no size.");
  return { width: Math.round(box.width), height: Math.round(box.height) };
}

/** Our page and a page with model-viewer of the same size take turns, each with an empty cache. */
export async function measureFirstView(server: ServerProcess): Promise<Figure[]> {
  const raw = await bigModel();
  const { model } = await importModel(server.url, raw);
  const { glb, preview } = model.files;
  if (!glb || !preview) throw new Error("The model has no preview.");
  const delivered = await fetch(server.url + glb.url);
  if (!delivered.ok) throw new Error(`The delivery was answered with ${delivered.status}`);
  const standIns: Partial<Record<ViewerName, Buffer>> = {
    ownWhole: Buffer.from(await delivered.arrayBuffer()),
    ownRaw: raw,
  };
  await using host = await startViewerHost(server.url, raw);
  await using browser = await launchBrowser();
  const own = `${host.url}/models/${model.id}`;
  const { width, height } = await stageSize(browser, own);
  const theirs = `${host.url}/model-viewer.html?width=${width}&height=${height}`;
  const figures: Figure[] = [
    { name: "first view: model.glb", value: glb.bytes / 1000, unit: "kB" },
    { name: "first view: preview.glb", value: preview.bytes / 1000, unit: "kB" },
  ];
  for (const profile of PROFILES) {
    const frames: Record<ViewerName, FirstFrame[]> = { own: [], ownWhole: [], ownRaw: [], theirs: [] };
    for (let run = 0; run < RUNS; run++) {
      for (const name of NAMES) {
        const { stage } = VIEWERS[name];
        host.standIn = standIns[name] ?? null;
        const address = name === "theirs" ? theirs : own;
        frames[name].push(await firstFrame(browser, address, stage, profile, run === 0));
      }
    }
    for (const [moment, words] of Object.entries(MOMENTS) as [keyof FirstFrame, string][]) {
      const title = `first view, ${profile.name}, ${words}`;
      const median = (name: ViewerName) =>
        percentile(
          frames[name].map((frame) => frame[moment]),
          50,
        );
      figures.push(
        ...NAMES.map(
          (name): Figure => ({
            name: `${title}: ${VIEWERS[name].label}`,
            value: median(name),
            unit: "ms",
          }),
        ),
        {
          name: `${title}: ours against model-viewer`,
          value: median("own") / median("theirs"),
          unit: "×",
          aim: AIM,
        },
        {
          name: `${title}: ours against model-viewer, both raw`,
          value: median("ownRaw") / median("theirs"),
          unit: "×",
        },
        {
          name: `${title}: small textures first against model.glb at once`,
          value: median("own") / median("ownWhole"),
          unit: "×",
        },
      );
    }
  }
  return figures;
}
