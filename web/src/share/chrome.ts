import { changeSettings, getSettings } from "../hooks/settings-store.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { translate as t } from "./share-i18n.ts";

function isDark(): boolean {
  const { theme } = getSettings();
  return theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

interface Bar {
  element: HTMLElement;
  /** Writes its words again, in another language. */
  relabel(): void;
}

/** The name of the product, and the visitor's language and theme. */
export function createBar(): Bar {
  const name = h("span");
  const otherLanguage = () => (getSettings().language === "ru" ? "en" : "ru");
  const language = h("button", {
    type: "button",
    class: "plain",
    onclick: () => changeSettings({ language: otherLanguage() }),
  });
  const switchTheme = () => changeSettings({ theme: isDark() ? "light" : "dark" });
  const theme = h("button", { type: "button", class: "plain", onclick: switchTheme }, icon("moon"));
  const relabel = () => {
    name.textContent = t("product");
    language.textContent = t("language");
    language.lang = otherLanguage();
    theme.setAttribute("aria-label", t("theme"));
  };
  relabel();
  const mark = h("img", { src: "/favicon.svg", alt: "", width: 24, height: 24 });
  return {
    element: h("header", { class: "bar" }, h("span", { class: "brand" }, mark, name), language, theme),
    relabel,
  };
}

/** A page that has nothing else to show: the link is dead, or there is no network. */
export function emptyPage(title: string, text: string, action: HTMLElement | null): HTMLElement {
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h1", {}, title),
    h("p", { class: "soft" }, text),
    action,
  );
}
