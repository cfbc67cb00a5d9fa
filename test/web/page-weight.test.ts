import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { brotliCompressSync } from "node:zlib";

const BUILT = path.resolve(import.meta.dirname, "../../web/dist");

/** The scripts and styles that a page's HTML asks for, and its bytes with them and itself, compressed. */
async function weigh(page: string) {
  const html = await readFile(path.join(BUILT, page), "utf8");
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
  assert.ok(files.length > 0);
  const texts = await Promise.all(files.map((file) => readFile(path.join(BUILT, file), "utf8")));
  const bytes = [html, ...texts].reduce((sum, text) => sum + brotliCompressSync(text).length, 0);
  return { bytes, texts, message: `${bytes} bytes in ${page} and ${files.join(", ")}` };
}

describe("what is loaded before anything is shown", () => {
  it("is at most 150 kB for the product's page, without three.js", async () => {
    const { bytes, texts, message } = await weigh("index.html");
    assert.ok(bytes <= 150_000, message);
    for (const text of texts) assert.doesNotMatch(text, /WebGLRenderer/);
  });

  it("is at most 15 kB for the page behind a share link, without React", async () => {
    const { bytes, texts, message } = await weigh("share.html");
    assert.ok(bytes <= 15_000, message);
    assert.ok(bytes > 4000, "the styles are in the page");
    for (const text of texts) assert.doesNotMatch(text, /react\.transitional\.element|WebGLRenderer/);
  });
});
