import type { BrowserContext, Page } from "playwright-core";

/** Notes which textures the graphics card holds for every page of the context, from its next navigation on. */
export async function watchTextures(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const textureSides = new Map<WebGLTexture, number>();
    Object.assign(window, { textureSides });
    const gl = WebGL2RenderingContext.prototype;
    const { texStorage2D, deleteTexture } = gl;
    gl.texStorage2D = function (target, levels, format, width, height) {
      texStorage2D.call(this, target, levels, format, width, height);
      const texture = this.getParameter(this.TEXTURE_BINDING_2D) as WebGLTexture | null;
      if (target === this.TEXTURE_2D && texture) textureSides.set(texture, Math.max(width, height));
    };
    gl.deleteTexture = function (texture) {
      deleteTexture.call(this, texture);
      if (texture) textureSides.delete(texture);
    };
  });
}

/** The longest sides of the textures that the page's graphics card holds, pixels. */
export const textureSides = (page: Page): Promise<number[]> =>
  page.evaluate(() => [
    ...(window as unknown as { textureSides: Map<WebGLTexture, number> }).textureSides.values(),
  ]);

/** Waits until the graphics card holds a texture of this longest side. */
export async function untilTexture(page: Page, side: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...(window as unknown as { textureSides: Map<WebGLTexture, number> }).textureSides.values()].includes(
        wanted,
      ),
    side,
  );
}
