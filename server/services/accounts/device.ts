import Bowser from "bowser";

/** Names of a browser and a system, as a user agent gives itself out; a program has its own name only. */
export function deviceOf(userAgent: string | null): { browser: string | null; system: string | null } {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  const program = /^[\w.-]{1,50}(?=\/|$)/.exec(userAgent)?.[0] ?? null;
  return { browser: os.name ? (browser.name ?? null) : program, system: os.name ?? null };
}
