import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { cheapenReflections } from "./cheap-reflections.ts";
import { findBrowser } from "./find-browser.ts";

/** WebGL 2 in software, the page itself drawn without it, which is faster, nothing fetched behind the page's back, no host but this machine can be reached. */
const FLAGS = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-gpu-compositing",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--no-proxy-server",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];
const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1"]);

/** Width and height in CSS pixels; `language` is a BCP 47 tag. */
export interface PageOptions {
  width?: number;
  height?: number;
  language?: string;
  colorScheme?: "light" | "dark";
  hasTouch?: boolean;
  reducedMotion?: boolean;
}

/** A page in a context of its own. */
export interface TestPage {
  page: Page;
  context: BrowserContext;
  /** Console errors and uncaught errors so far, in order. */
  problems: string[];
  /** Addresses outside this machine that the page asked for; all of them were refused. */
  outsideRequests: string[];
}

/** A running browser; `await using` closes it with all its pages. */
export interface TestBrowser extends AsyncDisposable {
  newPage(options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

/** Starts a headless Chromium that draws WebGL 2. Throws what to install when there is none (see findBrowser). */
export async function launchBrowser(): Promise<TestBrowser> {
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: FLAGS,
    env: { ...process.env, ...env } as Record<string, string>,
  });
  const close = () => browser.close();
  return { newPage: (options) => openPage(browser, options), close, [Symbol.asyncDispose]: close };
}

async function openPage(browser: Browser, options: PageOptions = {}): Promise<TestPage> {
  const { width = 1280, height = 800, language = "en-US", colorScheme = "light" } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language,
    colorScheme,
    hasTouch: options.hasTouch ?? false,
    isMobile: options.hasTouch ?? false,
    reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
  });
  const problems: string[] = [];
  const outsideRequests: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.push(String(error.error().stack ?? error.error())));
  context.on("request", (request) => {
    if (isOutside(request.url())) outsideRequests.push(request.url());
  });
  context.setDefaultTimeout(180_000);
  await cheapenReflections(context);
  const page = await context.newPage();
  return { page, context, problems, outsideRequests };
}

function isOutside(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return /^(https?|wss?):$/.test(protocol) && !LOCAL_HOSTS.has(hostname);
}
