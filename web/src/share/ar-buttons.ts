import type { SharedModel } from "../../../server/contract/share.ts";
import { type ArPlan, type ArWay, planAr } from "../ar/ar-plan.ts";
import { browserFacts, type Device, describeDevice } from "../ar/device.ts";
import { quickLookUrl } from "../ar/quick-look.ts";
import { sceneViewerUrl } from "../ar/scene-viewer.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { translate as t } from "./share-i18n.ts";

/** The page's address after Scene Viewer could not open. */
const FAILED = "#ar-failed";

let asked: Promise<Device> | undefined;

/** This visitor's device; asked once, and never where nothing depends on it: a frame may not ask. */
export function thisDevice(): Promise<Device> {
  asked ??= browserFacts().then(describeDevice);
  return asked;
}

const absolute = (url: string) => new URL(url, location.href).href;

/** `page` is the link's public address: from there Google's viewer can fetch, wherever this page was opened. */
export function arPlan(device: Device, { files, tooLarge }: SharedModel, page: string): ArPlan {
  return planAr(device, {
    arUrl: files.ar && new URL(files.ar.url, page).href,
    usdzUrl: files.usdz && absolute(files.usdz.url),
    tooLarge,
  });
}

/** iOS opens Quick Look at once only from a link whose first element is a picture. */
function quickLookLink(model: SharedModel, style: string): HTMLElement {
  const picture = h("img", {
    src: model.files.poster?.url ?? "/favicon.svg",
    alt: "",
    width: 28,
    height: 28,
  });
  const href = quickLookUrl(absolute(model.files.usdz!.url));
  return h("a", { rel: "ar", href, class: style }, picture, t("ar.button"));
}

function sceneViewerLink(model: SharedModel, page: string, words: string, style: string): HTMLElement {
  const href = sceneViewerUrl({
    file: new URL(model.files.ar!.url, page).href,
    title: model.name,
    link: page,
    fallback: page + FAILED,
  });
  return h("a", { href, class: style }, icon("room"), words);
}

function webXrButton(
  model: SharedModel,
  words: string,
  style: string,
  say: (text: string) => void,
): HTMLElement {
  const live = () => {
    const keys = ["label", "loading", "search", "tap", "placed", "close", "failed", "noModel"] as const;
    return Object.fromEntries(keys.map((key) => [key, t(`ar.live.${key}`)])) as Record<
      (typeof keys)[number],
      string
    >;
  };
  // Here already: the browser opens a session only within seconds of the tap.
  const code = import("../ar/web-xr/start-ar.ts");
  const start = async () => {
    const { startAr } = await code;
    say((await startAr(absolute(model.files.glb!.url), live())) ?? "");
  };
  return h("button", { type: "button", class: style, onclick: () => void start() }, icon("room"), words);
}

/** The buttons into the room, what is to be said before the tap, and what went wrong after it. */
export function arButtons(device: Device, model: SharedModel, page: string): Node[] {
  const plan = arPlan(device, model, page);
  const problem = h("p", { class: "note", role: "status" }, location.hash === FAILED && t("ar.failed"));
  const make = (way: ArWay, isFirst: boolean) => {
    const style = isFirst ? "button primary wide" : "button wide";
    if (way === "quick-look") return quickLookLink(model, style);
    const words = isFirst ? t("ar.button") : t(way === "web-xr" ? "ar.inPage" : "ar.scene");
    if (way === "scene-viewer") return sceneViewerLink(model, page, words, style);
    return webXrButton(model, words, style, (text) => problem.replaceChildren(text));
  };
  const app = device.inApp || t("ar.thisApp");
  const browser = device.system === "ios" ? "Safari" : "Chrome";
  const note = plan.note && plan.note !== "no-phone" && t(`ar.notes.${plan.note}`, { app, browser });
  return [
    ...(plan.way ? [make(plan.way, true)] : []),
    ...(plan.other ? [make(plan.other, false)] : []),
    ...(note ? [h("p", { class: "note" }, note)] : []),
    problem,
  ];
}
