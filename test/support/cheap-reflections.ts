import type { BrowserContext } from "playwright-core";

/**
 * Lets three.js compute a viewer's reflections from a few samples instead of hundreds: in software they cost some nine
 * seconds of computing for every viewer, all else of it together less than one.
 */
export async function cheapenReflections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { prototype } = WebGL2RenderingContext;
    const { shaderSource } = prototype;
    prototype.shaderSource = function (shader, source) {
      const cheap = source
        .replace(/(#define GGX_SAMPLES) 256u/, "$1 8u")
        .replace(/(#define SAMPLES) 20\b/, "$1 2")
        .replace(/(int [xy] = 0; [xy] < sourceSize; [xy]) \+\+/g, "$1 += 4");
      shaderSource.call(this, shader, cheap);
    };
  });
}
