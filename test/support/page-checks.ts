import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Locator, Page } from "playwright-core";
import sharp from "sharp";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/**
 * axe must find nothing serious on the page as it is once it rests. Colours and places that are on their way to others
 * arrive at once, also those that set out while axe looks (a message comes or goes); what turns for ever is left alone.
 */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
    const atOnce = new CSSStyleSheet();
    atOnce.replaceSync(
      "*, ::before, ::after { transition-duration: 0s !important; transition-delay: 0s !important }",
    );
    document.adoptedStyleSheets.push(atOnce);
    for (const animation of document.getAnimations()) {
      if (Number.isFinite(Number(animation.effect?.getComputedTiming().endTime))) animation.finish();
    }
    try {
      return (await axe.run()).violations as AxeViolation[];
    } finally {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== atOnce);
    }
  });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")} ${nodes[0].failureSummary}`),
    [],
    where,
  );
}

/** Messages go by themselves, but not while the window is not looked at: until its next navigation the page's stay. */
export const keepMessages = (page: Page): Promise<void> =>
  page.evaluate(() => {
    setInterval(() => window.dispatchEvent(new Event("blur")), 50);
  });

export interface Picture {
  pixels: Buffer;
  width: number;
  height: number;
}

/** What is on the screen there, as RGB; it may be moving, so nothing waits for it to stand still. */
export async function pictureOf(target: Locator): Promise<Picture> {
  await target.scrollIntoViewIfNeeded();
  const clip = (await target.boundingBox())!;
  const { data, info } = await sharp(await target.page().screenshot({ clip }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

const PICTURE_LIMIT_MS = 180_000;

/** What is on the screen there as soon as it is as wanted; fails with `otherwise` when it never is. */
export async function pictureWhere(
  target: Locator,
  isWanted: (picture: Picture) => boolean,
  otherwise: string,
): Promise<Picture> {
  await target.waitFor();
  for (const deadline = performance.now() + PICTURE_LIMIT_MS; ; await target.page().waitForTimeout(200)) {
    const picture = await pictureOf(target);
    if (isWanted(picture)) return picture;
    assert.ok(performance.now() < deadline, otherwise);
  }
}

/** What is on the screen there once it moves no more. */
export async function pictureAtRest(target: Locator): Promise<Picture> {
  let last = await pictureOf(target);
  const isStill = (picture: Picture) => {
    const moved = shareChanged(last, picture);
    last = picture;
    return moved < 0.001;
  };
  return pictureWhere(target, isStill, "the picture never comes to rest");
}

const NOTICEABLE = 24;

/** Share of pixels of the middle of a picture that differ from another one's. */
export function shareChanged(a: Picture, b: Picture): number {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  let changed = 0;
  for (let at = 0; at < a.pixels.length; at += 3) {
    const difference =
      Math.abs(a.pixels[at] - b.pixels[at]) +
      Math.abs(a.pixels[at + 1] - b.pixels[at + 1]) +
      Math.abs(a.pixels[at + 2] - b.pixels[at + 2]);
    if (difference > NOTICEABLE) changed++;
  }
  return changed / (a.pixels.length / 3);
}

/** How many clearly different colours a picture has. */
export function countColours({ pixels }: Picture): number {
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length; at += 3) {
    colours.add(((pixels[at] >> 4) << 8) | ((pixels[at + 1] >> 4) << 4) | (pixels[at + 2] >> 4));
  }
  return colours.size;
}
