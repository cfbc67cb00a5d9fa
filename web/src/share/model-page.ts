import type { Shared, SharedModel } from "../../../server/contract/share.ts";
import type { Device } from "../ar/device.ts";
import { thisDevice } from "./ar-buttons.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { fillPanel, sizeWords } from "./panel.ts";
import { translate as t } from "./share-i18n.ts";
import { createStage } from "./stage.ts";

/** A view of the page that can change its language in place and be left. */
export interface View {
  element: HTMLElement;
  title(): string;
  relabel(): void;
  leave(): void;
}

/** One model: picture or viewer, and the panel beside it. */
export function modelView(shared: Shared, model: SharedModel): View {
  const stage = createStage(model);
  const panel = h("section", { class: "panel" });
  let device: Device | null = null;
  const relabel = () => {
    stage.relabel();
    fillPanel(panel, shared, model, device);
  };
  void thisDevice().then((known) => {
    device = known;
    relabel();
  });
  relabel();
  return {
    element: h("div", { class: "model" }, stage.element, panel),
    title: () => model.name,
    relabel,
    leave: stage.leave,
  };
}

/** One model in another site's frame: the viewer fills it, one line leads to the full page. */
export function embeddedView(model: SharedModel, page: string): View {
  const stage = createStage(model, { compact: true });
  const line = h("footer", { class: "caption" });
  const relabel = () => {
    stage.relabel();
    line.replaceChildren(
      h(
        "span",
        { class: "caption-words" },
        h("strong", {}, model.name),
        h("span", { class: "soft" }, sizeWords(model)),
      ),
      h(
        "a",
        { href: page, target: "_blank", rel: "noopener", class: "button", "aria-label": t("full") },
        icon("out"),
      ),
    );
  };
  relabel();
  return {
    element: h("div", { class: "embedded" }, stage.element, line),
    title: () => model.name,
    relabel,
    leave: stage.leave,
  };
}
