import type { BrowserContext } from "playwright-core";
import type { PageOptions, TestBrowser, TestPage } from "./browser.ts";

/** The address under which the server is to be known; no such host is ever asked. */
export const PUBLIC_URL = "https://shop.example.com";

export const PHONES = {
  iphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
  android:
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
  instagram:
    "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/143.0.0.0 Mobile Safari/537.36 Instagram 361.0.0",
} as const;

/** Answers `PUBLIC_URL` from the server, as its reverse proxy would: nobody, once the visitor has left. */
async function proxy(context: BrowserContext, serverUrl: string): Promise<void> {
  await context.route(`${PUBLIC_URL}/**`, async (route) => {
    const url = route.request().url().replace(PUBLIC_URL, serverUrl);
    try {
      await route.fulfill({ response: await route.fetch({ url }) });
    } catch (error) {
      if (!context.isClosed()) throw error;
    }
  });
}

/**
 * A visitor who has nothing but the link: a context of its own at the public address. `slow` is a network on which 3D
 * waits for a tap, as a phone's is here.
 */
export async function openVisitor(
  browser: TestBrowser,
  serverUrl: string,
  options: PageOptions & { phone?: keyof typeof PHONES; slow?: boolean } = {},
): Promise<TestPage> {
  const { phone, slow = phone !== undefined, ...rest } = options;
  const visitor = await browser.newPage({
    ...(phone && { width: 375, height: 740, hasTouch: true }),
    ...rest,
  });
  await proxy(visitor.context, serverUrl);
  if (slow) {
    await visitor.context.addInitScript(() => {
      Object.defineProperty(navigator, "connection", { value: { effectiveType: "3g" } });
    });
  }
  if (phone) {
    await visitor.context.addInitScript(
      ({ userAgent, quickLook }) => {
        Object.defineProperty(navigator, "userAgent", { get: () => userAgent });
        // A desktop's browser has WebXR's object without a device behind it; the phone's own answer is given here.
        if (!("xrRequests" in window)) Object.defineProperty(navigator, "xr", { value: undefined });
        const supports = DOMTokenList.prototype.supports;
        DOMTokenList.prototype.supports = function (token) {
          return token === "ar" ? quickLook : supports.call(this, token);
        };
      },
      { userAgent: PHONES[phone], quickLook: phone === "iphone" },
    );
  }
  return visitor;
}
