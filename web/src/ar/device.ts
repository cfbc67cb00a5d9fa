/** What of the browser decides which way into augmented reality there is. */
export interface BrowserFacts {
  userAgent: string;
  maxTouchPoints: number;
  /** `relList.supports("ar")`: the browser says that it opens Quick Look. */
  quickLook: boolean;
  /** The page runs in a web view of another app, as far as its own objects tell. */
  webView: boolean;
  /** What `navigator.xr` says about immersive-ar; null where there is no `navigator.xr`. */
  webXr: boolean | null;
}

/** Apps whose built-in browser opens neither Quick Look nor Scene Viewer. */
const IN_APP_BROWSERS: readonly [name: string, mark: RegExp][] = [
  ["Telegram", /Telegram/i],
  ["Instagram", /Instagram/i],
  ["Facebook", /FBAN|FBAV|FB_IAB/],
  ["VK", /VKAndroidApp|VK\/|com\.vk\.vkclient|vkclient/i],
  ["WhatsApp", /WhatsApp/],
  ["TikTok", /BytedanceWebview|musical_ly/i],
  ["LINE", /\bLine\//],
];

/** Browsers for iOS that are web views all the same and open Quick Look (as in Google's model-viewer). */
const IOS_BROWSERS = /CriOS\/|EdgiOS\/|FxiOS\/|GSA\/|DuckDuckGo\/|YaBrowser\//;

export interface Device {
  system: "ios" | "android" | "other";
  /** Name of the app whose built-in browser this is; "" for an app without a name. */
  inApp: string | null;
  quickLook: boolean;
  webXr: boolean | null;
}

function inAppOf({ userAgent, webView }: BrowserFacts, system: Device["system"]): string | null {
  const named = IN_APP_BROWSERS.find(([, mark]) => mark.test(userAgent));
  if (named) return named[0];
  if (system === "android" && /; wv\)/.test(userAgent)) return "";
  if (system === "ios" && !IOS_BROWSERS.test(userAgent) && (webView || !/Safari\//.test(userAgent)))
    return "";
  return null;
}

/** What the browser's facts mean. An iPad calls itself a Mac, but no Mac has a touch screen. */
export function describeDevice(facts: BrowserFacts): Device {
  const { userAgent, maxTouchPoints, quickLook, webXr } = facts;
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const isHeadset = /OculusBrowser|Quest|PicoBrowser|Wolvic/.test(userAgent);
  const system = isIos ? "ios" : /Android/.test(userAgent) && !isHeadset ? "android" : "other";
  return { system, inApp: inAppOf(facts, system), quickLook: isIos && quickLook, webXr };
}

interface WebViewWindow {
  webkit?: { messageHandlers?: unknown };
  TelegramWebviewProxy?: unknown;
}

/** Asks this browser; takes as long as `navigator.xr` takes to answer. */
export async function browserFacts(): Promise<BrowserFacts> {
  const around = window as WebViewWindow;
  const telegram = around.TelegramWebviewProxy ? " Telegram" : "";
  return {
    userAgent: navigator.userAgent + telegram,
    maxTouchPoints: navigator.maxTouchPoints,
    quickLook: document.createElement("a").relList.supports("ar"),
    webView: Boolean(around.webkit?.messageHandlers),
    webXr: (await navigator.xr?.isSessionSupported("immersive-ar").catch(() => false)) ?? null,
  };
}
