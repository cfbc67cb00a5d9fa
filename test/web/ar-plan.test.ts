import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ArAdvice } from "../../server/contract/ar.ts";
import { refusingViewers } from "../../server/contract/ar-viewers.ts";
import { planAr } from "../../web/src/ar/ar-plan.ts";
import { type BrowserFacts, describeDevice } from "../../web/src/ar/device.ts";
import { isPublicAddress, isThisComputer } from "../../web/src/ar/public-address.ts";
import { quickLookUrl } from "../../web/src/ar/quick-look.ts";
import { sceneViewerUrl } from "../../web/src/ar/scene-viewer.ts";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const SAFARI = `${IPHONE} Version/18.0 Mobile/15E148 Safari/604.1`;
const IPAD =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";
const PIXEL =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/143.0.0.0 Mobile Safari/537.36";
const WEB_VIEW = PIXEL.replace("Pixel 9", "Pixel 9; wv");
const QUEST =
  "Mozilla/5.0 (X11; Linux x86_64; Quest 3) AppleWebKit/537.36 OculusBrowser/38.0 Chrome/132.0.0.0";
const DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36";

const device = (userAgent: string, facts: Partial<BrowserFacts> = {}) =>
  describeDevice({ userAgent, maxTouchPoints: 5, quickLook: false, webView: false, webXr: null, ...facts });

const MODEL = {
  arUrl: "https://shop.example.com/s/token/ar.glb",
  usdzUrl: "https://shop.example.com/s/token/model.usdz",
  tooLarge: [],
} as const;

describe("the way into the visitor's room", () => {
  const ways: [
    name: string,
    got: ReturnType<typeof planAr>,
    way: string | null,
    other: string | null,
    note: string | null,
  ][] = [
    ["iPhone", planAr(device(SAFARI, { quickLook: true }), MODEL), "quick-look", null, null],
    ["iPad as a Mac", planAr(device(IPAD, { quickLook: true }), MODEL), "quick-look", null, null],
    [
      "iPhone, too large",
      planAr(device(SAFARI, { quickLook: true }), { ...MODEL, tooLarge: ["quick-look"] }),
      "quick-look",
      null,
      "too-large",
    ],
    ["iPhone without Quick Look", planAr(device(SAFARI), MODEL), null, null, "other-browser"],
    [
      "iPhone, no file",
      planAr(device(SAFARI, { quickLook: true }), { ...MODEL, usdzUrl: null }),
      null,
      null,
      "no-file",
    ],
    [
      "iPhone, Chrome",
      planAr(
        device(`${IPHONE} CriOS/143.0 Mobile/15E148 Safari/604.1`, { quickLook: true, webView: true }),
        MODEL,
      ),
      "quick-look",
      null,
      null,
    ],
    [
      "iPhone, Instagram",
      planAr(device(`${IPHONE} Mobile/15E148 Instagram 300.0`, { quickLook: true }), MODEL),
      null,
      null,
      "in-app",
    ],
    [
      "iPhone, nameless app",
      planAr(device(`${IPHONE} Mobile/15E148`, { quickLook: true }), MODEL),
      null,
      null,
      "in-app",
    ],
    ["Android", planAr(device(PIXEL), MODEL), "scene-viewer", null, null],
    ["Android with WebXR", planAr(device(PIXEL, { webXr: true }), MODEL), "scene-viewer", "web-xr", null],
    [
      "Android without ARCore",
      planAr(device(PIXEL, { webXr: false }), MODEL),
      "scene-viewer",
      null,
      "no-ar-core",
    ],
    [
      "Android, too large, WebXR",
      planAr(device(PIXEL, { webXr: true }), { ...MODEL, tooLarge: ["scene-viewer"] }),
      "web-xr",
      "scene-viewer",
      null,
    ],
    [
      "Android, too large",
      planAr(device(PIXEL), { ...MODEL, tooLarge: ["scene-viewer"] }),
      "scene-viewer",
      null,
      "too-large",
    ],
    [
      "Android, plain http",
      planAr(device(PIXEL), { ...MODEL, arUrl: "http://shop.example.com/s/t/ar.glb" }),
      null,
      null,
      "insecure",
    ],
    [
      "Android, local network",
      planAr(device(PIXEL), { ...MODEL, arUrl: "https://192.168.1.5/s/t/ar.glb" }),
      null,
      null,
      "local",
    ],
    [
      "Android, local network, WebXR",
      planAr(device(PIXEL, { webXr: true }), { ...MODEL, arUrl: "https://192.168.1.5/s/t/ar.glb" }),
      "web-xr",
      null,
      null,
    ],
    ["Android, an app's web view", planAr(device(WEB_VIEW), MODEL), null, null, "in-app"],
    ["Android, VK", planAr(device(`${PIXEL} VKAndroidApp/8.1`), MODEL), null, null, "in-app"],
    ["headset", planAr(device(QUEST, { webXr: true }), MODEL), "web-xr", null, null],
    ["desktop", planAr(device(DESKTOP, { maxTouchPoints: 0, webXr: false }), MODEL), null, null, "no-phone"],
  ];
  for (const [name, got, way, other, note] of ways) {
    it(name, () => assert.deepEqual(got, { way, other, note }));
  }

  it("names the app that has to be left", () => {
    assert.equal(device(`${PIXEL} VKAndroidApp/8.1`).inApp, "VK");
    assert.equal(device(`${PIXEL} Telegram`).inApp, "Telegram");
    assert.equal(device(WEB_VIEW).inApp, "");
  });
});

describe("addresses of phone viewers", () => {
  it("Scene Viewer gets the whole address, true size, and a way back", () => {
    const file = "https://shop.example.com/s/t/ar.glb?v=1&w=2";
    const url = sceneViewerUrl({
      file,
      title: "Диван; №1 #2",
      fallback: "https://shop.example.com/s/t#ar-failed",
    });
    const [address, intent] = url.split("#Intent;");
    const { searchParams } = new URL(address.replace("intent:", "https:"));
    assert.equal(searchParams.get("file"), file);
    assert.equal(searchParams.get("title"), "Диван; №1 #2");
    assert.equal(searchParams.get("resizable"), "false");
    assert.equal(searchParams.get("mode"), "ar_preferred");
    assert.ok(!address.includes("+"), "Android reads a plus as a plus");
    const parts = Object.fromEntries(
      intent
        .split(";")
        .filter((part) => part.includes("="))
        .map((part) => part.split("=")),
    );
    assert.equal(
      decodeURIComponent(parts["S.browser_fallback_url"]),
      "https://shop.example.com/s/t#ar-failed",
    );
    assert.equal(parts.package, "com.google.android.googlequicksearchbox");
    assert.equal(parts.scheme, "https");
    assert.ok(url.endsWith(";end;"));
  });

  it("a phone's viewer may refuse what is too large for it, not what only looks different", () => {
    const advice = (code: ArAdvice["code"], viewers: ArAdvice["viewers"]): ArAdvice => ({
      code,
      viewers,
      limit: 1,
      actual: 2,
      text: { en: "", ru: "" },
    });
    assert.deepEqual(refusingViewers([advice("triangles", ["quick-look"])]), ["quick-look"]);
    assert.deepEqual(refusingViewers([advice("animations", ["scene-viewer", "quick-look"])]), []);
  });

  it("Quick Look is told not to scale", () => {
    assert.equal(
      quickLookUrl("https://a.example/m.usdz?v=1"),
      "https://a.example/m.usdz?v=1#allowsContentScaling=0",
    );
  });

  it("knows which addresses a phone or Google's servers can reach", () => {
    for (const local of [
      "http://localhost:3001",
      "https://10.0.0.8",
      "https://desk.local",
      "https://[::1]/",
      "https://nas",
      "https://172.20.1.1",
    ]) {
      assert.equal(isPublicAddress(local), false, local);
    }
    for (const open of ["https://shop.example.com/s/x", "https://172.15.1.1", "https://[2a00:1450::1]/"]) {
      assert.equal(isPublicAddress(open), true, open);
    }
    assert.equal(isThisComputer("http://127.0.0.1:3001/s/x"), true);
    assert.equal(isThisComputer("http://192.168.1.5:3001/s/x"), false);
  });
});
