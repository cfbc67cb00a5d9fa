import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const NEEDED_BYTES = 400e6;

/**
 * Unpacks the Chromium of @sparticuz/chromium, once per installation (2 to 3 s, 210 MB), with the libraries and
 * fonts that a bare system lacks. Processes may do it at once: each unpacks for itself, the first rename wins.
 * Answers null where the package has none for this system; throws when the disk is too full.
 */
export async function unpackBrowser(): Promise<{
  executablePath: string;
  env: Record<string, string>;
} | null> {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const entry = fileURLToPath(import.meta.resolve("@sparticuz/chromium"));
  const home = path.join(path.dirname(entry), "..");
  const { version } = JSON.parse(await fs.readFile(path.join(home, "package.json"), "utf8"));
  const cache = path.join(home, "..", "..", ".cache");
  const folder = path.join(cache, `chromium-${version}`);
  const browser = {
    executablePath: path.join(folder, "chromium"),
    env: { FONTCONFIG_PATH: path.join(folder, "fonts"), LD_LIBRARY_PATH: path.join(folder, "al2023", "lib") },
  };
  if (await exists(folder)) return browser;
  await fs.mkdir(cache, { recursive: true });
  await checkRoom(cache);
  const draft = await fs.mkdtemp(path.join(cache, "chromium-"));
  try {
    await unpackInto(draft, entry);
    await fs.writeFile(path.join(draft, "fonts", "fonts.conf"), fontsConfig(folder));
    await fs.chmod(draft, 0o755);
    await fs.rename(draft, folder);
  } catch (error) {
    await fs.rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return browser;
}

/** The package unpacks into the temporary folder of its process, and its libraries only on AWS Lambda. */
async function unpackInto(folder: string, entry: string): Promise<void> {
  const script = `import chromium from ${JSON.stringify(pathToFileURL(entry).href)}; await chromium.executablePath();`;
  await run(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    timeout: 120_000,
  });
}

async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await fs.statfs(folder);
  if (bavail * bsize < NEEDED_BYTES) {
    throw new Error(
      "The disk is too full to unpack the browser for the tests: free 400 MB, then run them again.",
    );
  }
}

const fontsConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, "fonts", "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  );
