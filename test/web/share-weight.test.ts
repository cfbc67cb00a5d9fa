import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { brotliCompressSync } from "node:zlib";

const BUILT = path.resolve(import.meta.dirname, "../../web/dist");
const BUDGET_BYTES = 15_000;

describe("the page behind a share link, before 3D", () => {
  it("weighs at most 15 kB with its styles and scripts, compressed, and brings no React", async () => {
    const html = await readFile(path.join(BUILT, "share.html"), "utf8");
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => file,
    );
    assert.ok(scripts.length > 0);
    const texts = await Promise.all(scripts.map((file) => readFile(path.join(BUILT, file), "utf8")));
    const bytes = [html, ...texts].reduce((sum, text) => sum + brotliCompressSync(text).length, 0);
    assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes in ${scripts.join(", ")}`);
    assert.ok(bytes > 4000, "the styles are in the page");
    for (const text of texts) assert.ok(!/react\.transitional\.element|WebGLRenderer/.test(text));
  });
});
