import type { Shared } from "../../../server/contract/share.ts";
import { LANGUAGES, settingsStore } from "../hooks/settings-store.ts";
import { createBar, emptyPage } from "./chrome.ts";
import { galleryView } from "./gallery-view.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { embeddedView, modelView, type View } from "./model-page.ts";
import { readShared } from "./read-shared.ts";
import { translate as t } from "./share-i18n.ts";

const root = document.getElementById("share")!;
const isEmbedded = /\/embed\/?$/.test(location.pathname);

/** The view that the address asks for: the only model, the one behind `#`, or all of them. */
function viewOf(shared: Shared): View {
  const { models } = shared;
  const chosen =
    models.find(({ id }) => location.hash === `#${id}`) ?? (models.length === 1 ? models[0] : null);
  if (!chosen) return galleryView(shared);
  return isEmbedded ? embeddedView(chosen, shared.url) : modelView(shared, chosen);
}

/** Calls `relabel` whenever the visitor chose another language, not another theme. */
function onLanguage(relabel: () => void): void {
  let { language } = settingsStore.get();
  settingsStore.subscribe(() => {
    if (settingsStore.get().language === language) return;
    language = settingsStore.get().language;
    relabel();
  });
}

function start(shared: Shared): void {
  let view = viewOf(shared);
  const bar = createBar();
  const back = h("a", { href: "#", class: "back" });
  const made = h("footer", { class: "made soft" });
  const main = h("main");
  const label = () => {
    document.title = view.title();
    back.replaceChildren(icon("back"), t("all"));
    made.textContent = t("made", { product: t("product") });
  };
  const show = () => {
    label();
    const isOneOfMany = shared.models.length > 1 && !view.element.matches(".gallery");
    main.replaceChildren(...(isOneOfMany ? [back] : []), view.element);
  };
  show();
  root.replaceChildren(...(isEmbedded ? [main] : [bar.element, main, made]));
  onLanguage(() => {
    bar.relabel();
    view.relabel();
    label();
  });
  addEventListener("hashchange", () => {
    view.leave();
    view = viewOf(shared);
    show();
    main.querySelector<HTMLElement>("h1")?.focus();
  });
}

function fail(reason: "gone" | "offline"): void {
  const bar = createBar();
  const main = h("main");
  const label = () => {
    bar.relabel();
    const retry = h(
      "button",
      { type: "button", class: "button", onclick: () => location.reload() },
      t("retry"),
    );
    main.replaceChildren(emptyPage(t(`${reason}Title`), t(reason), reason === "offline" ? retry : null));
    document.title = t(`${reason}Title`);
  };
  label();
  root.replaceChildren(bar.element, main);
  onLanguage(label);
}

/** `?lang=ru` says the language of this visit; what the visitor chose in the product stays. */
function speakAskedLanguage(): void {
  const asked = new URLSearchParams(location.search).get("lang");
  const language = LANGUAGES.find((known) => known === asked);
  if (!language) return;
  settingsStore.update((settings) => ({ ...settings, language }));
  document.documentElement.lang = language;
}

speakAskedLanguage();
document.documentElement.toggleAttribute("data-embed", isEmbedded);
const shared = await readShared();
if (typeof shared === "string") fail(shared);
else start(shared);
