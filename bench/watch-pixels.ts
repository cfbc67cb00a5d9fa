/** Milliseconds since the start of the navigation. */
export interface FirstFrame {
  /** The page asks the graphics card for the model's first picture: all of the page's own work is done. */
  askedAt: number;
  /** That picture is in the canvas, read back pixel by pixel. */
  drawnAt: number;
}

declare global {
  interface Window {
    firstFrame?: FirstFrame;
  }
}

/**
 * Runs in a page before its own scripts, and is the same for every viewer: notices the first large draw into a canvas
 * (not into a texture, as shadows and reflections are) and reads the middle of that canvas back before the browser takes
 * it, which waits for the graphics card. Only a picture of many colours counts.
 */
export function watchPixels(): void {
  /** Of the model's 150 000; reflections and shadows draw boxes and squares. */
  const MIN_INDICES = 10_000;
  /** A drawn model has thousands, one colour or a gradient a few dozen. */
  const MIN_COLOURS = 500;
  const EDGE = 128;
  const { prototype } = WebGL2RenderingContext;
  const { drawElements } = prototype;
  let isAsked = false;

  function countColours(gl: WebGL2RenderingContext): number {
    const pixels = new Uint8Array(EDGE * EDGE * 4);
    const [left, bottom] = [gl.drawingBufferWidth, gl.drawingBufferHeight].map((edge) => (edge - EDGE) >> 1);
    gl.readPixels(left, bottom, EDGE, EDGE, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return new Set(new Uint32Array(pixels.buffer)).size;
  }

  prototype.drawElements = function (...call) {
    drawElements.apply(this, call);
    if (window.firstFrame || isAsked || call[1] < MIN_INDICES) return;
    if (this.getParameter(this.FRAMEBUFFER_BINDING)) return;
    isAsked = true;
    const askedAt = performance.now();
    queueMicrotask(() => {
      isAsked = false;
      if (countColours(this) >= MIN_COLOURS) window.firstFrame = { askedAt, drawnAt: performance.now() };
    });
  };
}
