import type { SharedModel } from "../../../server/contract/share.ts";
import { isSlowNetwork, savesData } from "../hooks/saves-data.ts";
import { getSettings } from "../hooks/settings-store.ts";
import { formatBytes } from "../i18n/format.ts";
import type { ViewerProps } from "../viewer/viewer.tsx";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { showViewer } from "./load-viewer.ts";
import { translate as t } from "./share-i18n.ts";

const soon = (work: () => void) =>
  typeof requestIdleCallback === "function"
    ? requestIdleCallback(work, { timeout: 2000 })
    : setTimeout(work, 200);

const absolute = (url: string) => new URL(url, location.href).href;

export interface Stage {
  element: HTMLElement;
  /** Writes its words again, in another language. */
  relabel(): void;
  leave(): void;
}

/** The poster at once, the product's viewer once it is in sight and the browser idle; at a tap on slow networks. */
export function createStage(model: SharedModel, viewing: Pick<ViewerProps, "compact"> = {}): Stage {
  const { glb, preview, poster } = model.files;
  const loaded = savesData() && preview ? preview : glb;
  const image =
    poster && h("img", { class: "poster", src: poster.url, width: 512, height: 512, decoding: "async" });
  const button = h("button", { type: "button", class: "button on-stage", onclick: () => start() });
  const status = h("p", { class: "on-stage quiet", role: "status", hidden: true });
  const host = h("div", { class: "viewer-host" });
  const element = h("div", { class: "stage" }, image, host, glb ? button : null, status);
  let state: "waiting" | "loading" | "shown" | "failed" = "waiting";
  let unmount = (): void => undefined;
  let left = false;

  function relabel() {
    image?.setAttribute("alt", t("poster", { name: model.name }));
    const size = loaded?.bytes && formatBytes(loaded.bytes, getSettings().language);
    const words = state === "failed" ? t("retry") : size ? t("showSize", { size }) : t("show");
    button.replaceChildren(icon("cube"), words);
    button.hidden = state === "loading" || state === "shown";
    status.textContent = state === "failed" ? t("viewerFailed") : state === "loading" ? t("loading") : "";
    status.hidden = !status.textContent;
  }

  async function start() {
    if (!glb || left || state === "loading" || state === "shown") return;
    state = "loading";
    relabel();
    try {
      const props = {
        url: absolute(glb.url),
        ...(preview && { preview: { url: absolute(preview.url), bytes: preview.bytes ?? undefined } }),
        label: model.name,
        unit: model.dimensions.unit,
        sizeAssumed: model.sizeAssumed,
        options: { grid: false },
        hotspots: model.hotspots,
        ...viewing,
      };
      unmount = await showViewer(host, {
        ...props,
        ...(glb.bytes && { bytes: glb.bytes }),
        ...(poster && { poster: poster.url }),
      });
      state = "shown";
      element.dataset.shown = "";
      if (left) unmount();
    } catch {
      state = "failed";
    }
    relabel();
  }

  const observer = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    soon(() => void start());
  });
  if (glb && !isSlowNetwork()) observer.observe(element);
  relabel();
  return {
    element,
    relabel,
    leave() {
      left = true;
      observer.disconnect();
      unmount();
    },
  };
}
