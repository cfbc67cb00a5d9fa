import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { translate as t } from "./share-i18n.ts";

/** The page's link as text to select, with a button that copies it where the browser has a clipboard. */
export function copyLink(url: string): HTMLElement {
  const field = h("input", { class: "link", value: url, readonly: true, "aria-label": t("link") });
  field.addEventListener("focus", () => field.select());
  const status = h("span", { class: "visually-hidden", role: "status" });
  const button = h("button", { type: "button", class: "button" }, icon("copy"), t("copy"));
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      return;
    }
    button.replaceChildren(icon("check"), t("copied"));
    status.textContent = t("copied");
  });
  // Pages over plain http from another computer have no clipboard; the text is selected by one tap then.
  return h("div", { class: "copy" }, field, navigator.clipboard ? button : null, status);
}
