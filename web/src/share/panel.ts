import type { Shared, SharedModel } from "../../../server/contract/share.ts";
import type { Device } from "../ar/device.ts";
import { isThisComputer } from "../ar/public-address.ts";
import { getSettings } from "../hooks/settings-store.ts";
import { formatBytes, formatDay } from "../i18n/format.ts";
import { formatSize, METRES_PER_UNIT } from "../viewer/length-format.ts";
import { arButtons, arPlan } from "./ar-buttons.ts";
import { copyLink } from "./copy-link.ts";
import { h } from "./h.ts";
import { icon } from "./icons.ts";
import { translate as t } from "./share-i18n.ts";

/** True size in words: "200 × 90 × 100 cm"; "≈ 200 × 90 × 100 cm" where nobody measured. */
export function sizeWords({ dimensions, sizeAssumed }: SharedModel): string {
  const { length, width, height, unit } = dimensions;
  const metres = [length, width, height].map((value) => value * METRES_PER_UNIT[unit]);
  const words = formatSize(metres as [number, number, number], unit, getSettings().language);
  return sizeAssumed ? `≈ ${words}` : words;
}

/** What stands beside the picture: name, true size, the ways into the room, the link. */
export function fillPanel(
  panel: HTMLElement,
  shared: Shared,
  model: SharedModel,
  device: Device | null,
): void {
  const { language } = getSettings();
  const wantsPhone = device && arPlan(device, model, shared.url).note === "no-phone";
  panel.replaceChildren(
    h("h1", { tabindex: -1 }, model.name),
    h(
      "p",
      { class: "size" },
      h("span", { class: "soft" }, t(model.sizeAssumed ? "sizeAssumed" : "size")),
      h("strong", {}, sizeWords(model)),
      h("span", { class: "soft" }, t("measures")),
    ),
    h("div", { class: "ways" }, ...(device ? arButtons(device, model, shared.url) : [])),
    ...(wantsPhone ? [scanCard(shared.url)] : []),
    copyLink(shared.url),
    downloads(model),
    ...(shared.expiresAt
      ? [h("p", { class: "soft" }, t("until", { day: formatDay(shared.expiresAt, language) }))]
      : []),
  );
}

/** For a computer: the link as a QR code for a phone, or why a phone could not open it. */
function scanCard(url: string): HTMLElement {
  const words = h("div", {}, h("h2", {}, t("scanTitle")));
  const card = h("section", { class: "scan" }, words);
  if (isThisComputer(url)) {
    words.append(h("p", { class: "soft" }, t("onlyHere")));
    return card;
  }
  words.append(h("p", { class: "soft" }, t("ar.notes.no-phone")));
  void import("./qr.ts").then(({ qrImageUrl }) =>
    card.prepend(h("img", { class: "qr", src: qrImageUrl(url), alt: t("qr"), width: 160, height: 160 })),
  );
  return card;
}

function downloads({ files }: SharedModel): HTMLElement | "" {
  const link = (file: SharedModel["files"]["ar"], words: string) =>
    file &&
    h(
      "li",
      {},
      h(
        "a",
        { href: file.url, download: true },
        icon("download"),
        h("span", {}, words),
        file.bytes !== null && h("span", { class: "soft" }, formatBytes(file.bytes, getSettings().language)),
      ),
    );
  const rows = [link(files.ar ?? files.glb, t("glb")), link(files.usdz, t("usdz"))];
  return h("details", {}, h("summary", {}, t("download")), h("ul", { class: "files" }, ...rows));
}
