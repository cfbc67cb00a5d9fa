import type { Shared, SharedModel } from "../../../server/contract/share.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import type { View } from "./model-page.ts";
import { sizeWords } from "./panel.ts";
import { translate as t } from "./share-i18n.ts";

function card(model: SharedModel): HTMLElement {
  const { poster } = model.files;
  return h(
    "li",
    { class: "card" },
    h(
      "div",
      { class: "card-picture" },
      poster
        ? h("img", { src: poster.url, alt: "", width: 320, height: 320, loading: "lazy" })
        : icon("cube"),
    ),
    h("a", { href: `#${model.id}`, class: "card-name" }, model.name),
    h("span", { class: "soft" }, sizeWords(model)),
  );
}

/** Several models: posters that open a view each. */
export function galleryView(shared: Shared): View {
  const heading = h("h1", { tabindex: -1 });
  const count = h("p", { class: "soft" });
  const grid = h("ul", { class: "grid" });
  const title = () => shared.title || t("gallery");
  const relabel = () => {
    heading.textContent = title();
    count.textContent = t("count", { count: shared.models.length });
    grid.replaceChildren(...shared.models.map(card));
  };
  relabel();
  return {
    element: h("div", { class: "gallery" }, heading, count, grid),
    title,
    relabel,
    leave: () => undefined,
  };
}
