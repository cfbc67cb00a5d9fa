import type { BrowserContext } from "playwright-core";

/** What the page asked of WebXR, in order. */
export interface XrRequest {
  mode: string;
  requiredFeatures: string[];
  hasOverlay: boolean;
}

/**
 * Gives the context's pages a `navigator.xr` with a floor 1.2 m below the eye. Nothing is drawn: the session, its
 * frames and its hits are answered as the WebXR Device API says, the camera's picture can't be had here.
 */
export async function installFakeXr(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const requests: unknown[] = [];
    const floor = { transform: { matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.4, -1.2, -2, 1] } };
    const frame = { getViewerPose: () => null, getHitTestResults: () => [{ getPose: () => floor }] };
    class Session extends EventTarget {
      readonly renderState = {};
      readonly inputSources = [];
      readonly enabledFeatures = ["hit-test", "dom-overlay"];
      readonly environmentBlendMode = "alpha-blend";
      #ended = false;
      async requestReferenceSpace() {
        return {};
      }
      async requestHitTestSource() {
        return { cancel() {} };
      }
      updateRenderState() {}
      requestAnimationFrame(callback: (time: number, frame: unknown) => void) {
        return setTimeout(() => this.#ended || callback(performance.now(), frame), 30);
      }
      cancelAnimationFrame(handle: number) {
        clearTimeout(handle);
      }
      async end() {
        this.#ended = true;
        this.dispatchEvent(new Event("end"));
      }
    }
    class Layer {
      readonly framebuffer = null;
      readonly framebufferWidth = 4;
      readonly framebufferHeight = 4;
    }
    const xr = {
      isSessionSupported: async (mode: string) => mode === "immersive-ar",
      async requestSession(mode: string, init: XRSessionInit) {
        const { requiredFeatures = [], domOverlay } = init;
        requests.push({ mode, requiredFeatures, hasOverlay: Boolean(domOverlay?.root) });
        const session = new Session();
        Object.assign(window, { xrSession: session });
        return session;
      },
    };
    Object.defineProperty(navigator, "xr", { value: xr });
    Object.assign(window, { xrRequests: requests, XRWebGLLayer: Layer, XRWebGLBinding: undefined });
    WebGL2RenderingContext.prototype.makeXRCompatible = async () => undefined;
  });
}
