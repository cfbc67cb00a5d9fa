import type { Device } from "./device.ts";
import { isPublicAddress } from "./public-address.ts";

export type ArWay = "quick-look" | "scene-viewer" | "web-xr";

/** What is to be said before the tap. The first four leave no way at all. */
export type ArNote =
  | "in-app"
  | "other-browser"
  | "insecure"
  | "local"
  | "no-file"
  | "too-large"
  | "no-ar-core"
  | "no-phone";

export interface ArPlan {
  /** The button's way; null where this device has none. */
  way: ArWay | null;
  /** A second way beside it. */
  other: ArWay | null;
  note: ArNote | null;
}

/** What there is to show: absolute addresses, and which phone viewers call the model too large. */
export interface ArModel {
  arUrl: string | null;
  usdzUrl: string | null;
  tooLarge: readonly ArWay[];
}

const none = (note: ArNote): ArPlan => ({ way: null, other: null, note });

function onIos(device: Device, model: ArModel): ArPlan {
  if (device.inApp !== null) return none("in-app");
  if (!device.quickLook) return none("other-browser");
  if (!model.usdzUrl) return none("no-file");
  const note = model.tooLarge.includes("quick-look") ? "too-large" : null;
  return { way: "quick-look", other: null, note };
}

function onAndroid(device: Device, { arUrl, tooLarge }: ArModel): ArPlan {
  const inPage: ArWay | null = device.webXr ? "web-xr" : null;
  if (device.inApp !== null) return none("in-app");
  if (!arUrl) return { way: inPage, other: null, note: inPage ? null : "no-file" };
  const secure = arUrl.startsWith("https:");
  if (!secure || !isPublicAddress(arUrl)) {
    return { way: inPage, other: null, note: inPage ? null : secure ? "local" : "insecure" };
  }
  if (tooLarge.includes("scene-viewer")) {
    return inPage
      ? { way: inPage, other: "scene-viewer", note: null }
      : { way: "scene-viewer", other: null, note: "too-large" };
  }
  return { way: "scene-viewer", other: inPage, note: device.webXr === false ? "no-ar-core" : null };
}

/**
 * Which way into the visitor's room this device has for this model. On Android the system's own viewer comes first,
 * because it lights and hides the model by what it sees of the room; WebXR where the viewer's servers can't fetch it.
 */
export function planAr(device: Device, model: ArModel): ArPlan {
  if (device.system === "ios") return onIos(device, model);
  if (device.system === "android") return onAndroid(device, model);
  return device.webXr ? { way: "web-xr", other: null, note: null } : none("no-phone");
}
