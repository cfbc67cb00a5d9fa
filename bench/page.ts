import { launchBrowser } from "../test/support/browser.ts";

interface PageWeight {
  /** Scripts and styles as they were sent, bytes. */
  bytes: number;
  files: number;
}

/** Opens the page in a real browser with an empty cache and weighs the scripts and styles it needs until it is shown. */
export async function weighPage(url: string): Promise<PageWeight> {
  await using browser = await launchBrowser();
  const { page } = await browser.newPage();
  await page.goto(url, { waitUntil: "load" });
  await page.locator("h1").first().waitFor();
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => entry as PerformanceResourceTiming)
      .filter((entry) => /\.(?:js|css)$/.test(new URL(entry.name).pathname))
      .map((entry) => ({
        name: entry.name,
        bytes: entry.encodedBodySize,
        plainBytes: entry.decodedBodySize,
      })),
  );
  if (sizes.length === 0) throw new Error("The page loaded no script and no style.");
  const uncompressed = sizes.find(({ bytes, plainBytes }) => bytes === plainBytes && bytes > 1000);
  if (uncompressed) throw new Error(`${uncompressed.name} was sent without compression.`);
  return { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), files: sizes.length };
}
