import type { BrowserContext, Page } from "playwright-core";

interface FrameHolder {
  held: FrameRequestCallback[] | null;
}

/** From its next navigation on, the context's pages can be held between two frames with `holdFrames`. */
export async function makeFramesHoldable(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const holder: FrameHolder = { held: null };
    Object.assign(window, { frameHolder: holder });
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (work) => (holder.held ? -holder.held.push(work) : ask(work));
  });
}

/** No frame that the page asks for comes from now on, as on a machine that is busy: what fades in or out stays so. */
export const holdFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { frameHolder } = window as unknown as { frameHolder: FrameHolder };
    frameHolder.held = [];
  });

/** Frames come again, those that were asked for first. */
export const letFramesGo = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { frameHolder } = window as unknown as { frameHolder: FrameHolder };
    const work = frameHolder.held ?? [];
    frameHolder.held = null;
    for (const one of work) requestAnimationFrame(one);
  });
