import type { BrowserContext, Page } from "playwright-core";

/** What a page did with WebGL so far. */
export interface GpuUse {
  /** Calls that drew something. */
  draws: number;
  contexts: number;
  /** Contexts that hold memory of the graphics card. */
  living: number;
}

/** Counts what every page of the context does with WebGL from its next navigation on. */
export async function watchGpu(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const contexts: WebGL2RenderingContext[] = [];
    const watch = { draws: 0, contexts };
    Object.assign(window, { gpuWatch: watch });
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      type: string,
      ...rest: unknown[]
    ) {
      const made = Reflect.apply(getContext, this, [type, ...rest]);
      if (made instanceof WebGL2RenderingContext && !contexts.includes(made)) contexts.push(made);
      return made;
    } as typeof getContext;
    const gl = WebGL2RenderingContext.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
    const count = (name: string, change: () => void) => {
      const original = gl[name];
      gl[name] = function (this: unknown, ...args: unknown[]) {
        change();
        return Reflect.apply(original, this, args);
      };
    };
    for (const name of ["drawElements", "drawArrays"]) count(name, () => watch.draws++);
  });
}

/** What the page did until now. */
export function gpuUse(page: Page): Promise<GpuUse> {
  return page.evaluate(() => {
    const { gpuWatch } = window as unknown as {
      gpuWatch: { draws: number; contexts: WebGL2RenderingContext[] };
    };
    const living = gpuWatch.contexts.filter((one) => !one.isContextLost()).length;
    return { draws: gpuWatch.draws, contexts: gpuWatch.contexts.length, living };
  });
}

/** Waits until nothing was drawn for a while; light and shadow come some time after the first frame. */
export async function untilNothingIsDrawn(page: Page): Promise<void> {
  for (let before = -1; ; ) {
    const { draws } = await gpuUse(page);
    if (draws === before) return;
    before = draws;
    // What was asked for has its frame, however late frames come, and what waits for an idle moment its turn.
    await page.evaluate(async () => {
      const frames = async () => {
        for (let frame = 0; frame < 2; frame++)
          await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      await frames();
      await new Promise((resolve) => requestIdleCallback(resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await frames();
    });
  }
}

/**
 * Takes the graphics card's memory away from the newest context and gives it back as soon as a status of the page says
 * `words`, without a way through this process in between: the page waits a few seconds only. Throws when it gives up.
 */
export function interruptContext(page: Page, words: string): Promise<void> {
  return page.evaluate((wanted) => {
    const { gpuWatch } = window as unknown as { gpuWatch: { contexts: WebGL2RenderingContext[] } };
    const loss = gpuWatch.contexts.at(-1)!.getExtension("WEBGL_lose_context")!;
    return new Promise<void>((resolve, reject) => {
      const look = () => {
        const texts = Array.from(
          document.querySelectorAll("[role=status]"),
          ({ textContent }) => textContent,
        );
        const hasGivenUp = document.querySelector("[role=alert]") !== null;
        if (!hasGivenUp && !texts.some((text) => text?.includes(wanted))) return;
        observer.disconnect();
        if (hasGivenUp) return reject(new Error("The page gave up."));
        loss.restoreContext();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      loss.loseContext();
    });
  }, words);
}
