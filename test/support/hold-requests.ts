import type { BrowserContext } from "playwright-core";

/** Requests that get no answer until they are let go. */
export interface HeldRequests {
  /** Resolves when the first of them was made. */
  asked: Promise<void>;
  letGo(): void;
}

/** Holds what a context's pages ask for, so that a state that passes stands still until the test has seen it. */
export async function holdRequests(context: BrowserContext, address: RegExp): Promise<HeldRequests> {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await context.route(address, async (route) => {
    asked.resolve();
    await released.promise;
    await route.fallback();
  });
  return { asked: asked.promise, letGo: () => released.resolve() };
}
