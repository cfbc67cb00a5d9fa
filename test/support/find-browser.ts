import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { unpackBrowser } from "./packaged-browser.ts";

const run = promisify(execFile);

/** A browser that was proven to start. `env` is added to its environment, `source` says where it was found. */
export interface FoundBrowser {
  executablePath: string;
  source: "CHROMIUM_PATH" | "installed" | "playwright" | "packaged";
  env: Record<string, string>;
}

const NO_BROWSER =
  "No browser for the tests: install Google Chrome or Chromium (Debian and Ubuntu: apt-get install chromium), " +
  "or set CHROMIUM_PATH to one.";

const NAMES = [
  "google-chrome",
  "google-chrome-stable",
  "chromium",
  "chromium-browser",
  "chrome",
  "microsoft-edge",
];
const MAC = ["Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"];
const WINDOWS = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];

/**
 * Finds a Chrome or Chromium: CHROMIUM_PATH, then an installed one, then Playwright's cache, then the one that
 * comes with the dependencies (Linux on x64). Throws one sentence that says what to install when none starts.
 */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<FoundBrowser> {
  if (env.CHROMIUM_PATH) {
    if (await starts(env.CHROMIUM_PATH)) {
      return { executablePath: env.CHROMIUM_PATH, source: "CHROMIUM_PATH", env: {} };
    }
    throw new Error(
      `CHROMIUM_PATH is ${env.CHROMIUM_PATH}, but no browser starts there. Correct it or unset it.`,
    );
  }
  for (const [source, find] of [
    ["installed", installed],
    ["playwright", playwrightCache],
  ] as const) {
    for (const executablePath of await find(env)) {
      if (await starts(executablePath)) return { executablePath, source, env: {} };
    }
  }
  const packaged = await unpackBrowser();
  if (packaged && (await starts(packaged.executablePath, packaged.env))) {
    return { ...packaged, source: "packaged" };
  }
  throw new Error(NO_BROWSER);
}

function installed(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === "darwin") {
    return ["/Applications", path.join(os.homedir(), "Applications")].flatMap((folder) =>
      MAC.map((name) => path.join(folder, name)),
    );
  }
  if (process.platform === "win32") {
    return [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => WINDOWS.map((name) => path.join(folder, name)));
  }
  const folders = [...(env.PATH ?? "").split(path.delimiter), "/opt/google/chrome", "/snap/bin"];
  return NAMES.flatMap((name) => folders.filter(Boolean).map((folder) => path.join(folder, name)));
}

async function playwrightCache(env: NodeJS.ProcessEnv): Promise<string[]> {
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: path.join(os.homedir(), "Library/Caches"),
    win32: env.LOCALAPPDATA ?? os.homedir(),
  };
  const cache = path.join(caches[process.platform] ?? path.join(os.homedir(), ".cache"), "ms-playwright");
  const folder = env.PLAYWRIGHT_BROWSERS_PATH ?? cache;
  const pattern =
    "chromium*/chrome*/{chrome,chrome.exe,headless_shell,headless_shell.exe,chrome-headless-shell}";
  const found = await Array.fromAsync(fs.glob(pattern, { cwd: folder }));
  return found
    .sort()
    .reverse()
    .map((name) => path.join(folder, name));
}

/** Whether the browser is there with all libraries it needs. Windows' Chrome can't tell its version. */
async function starts(executablePath: string, env: Record<string, string> = {}): Promise<boolean> {
  try {
    if (process.platform === "win32") await fs.access(executablePath);
    else await run(executablePath, ["--version"], { timeout: 20_000, env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  try {
    const { source, executablePath } = await findBrowser();
    console.log(`${executablePath} (${source})`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
