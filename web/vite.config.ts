import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { compression } from "vite-plugin-compression2";
import { CHUNKS } from "./chunks.ts";

const api = process.env.DEV_API_URL ?? "http://127.0.0.1:3001";

/**
 * The page behind a share link brings its few styles in its HTML. The product's style sheet comes with the viewer:
 * its address stays in a meta tag, where a link would hold up the first paint.
 */
const lateStyles = (page: string): Plugin => ({
  name: "late-styles",
  transformIndexHtml: {
    order: "post",
    handler: (html, { path: file }) =>
      file === `/${page}`
        ? html.replace(/<link rel="stylesheet"[^>]*href="([^"]+)"[^>]*>/, '<meta name="styles" content="$1">')
        : html,
  },
});

/** In development Vite serves the page, so the mark of a server with accounts (server/http/page.ts) is set here. */
const accountsMark = (): Plugin => ({
  name: "accounts-mark",
  apply: "serve",
  transformIndexHtml: async () => {
    const answer = await fetch(`${api}/api/v1/auth/state`).catch(() => null);
    const { mode } = answer?.ok ? ((await answer.json()) as { mode: string }) : { mode: "local" };
    return mode === "accounts"
      ? [{ tag: "meta", attrs: { name: "accounts", content: "on" }, injectTo: "head" }]
      : [];
  },
});

/** Which page is built. Each is a build of its own: in one build, what they share would fall into many small files. */
const PAGES = { product: "index.html", share: "share.html" };

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [
    react(),
    accountsMark(),
    lateStyles(PAGES.share),
    compression({ algorithms: ["brotliCompress", "gzip"], threshold: 512, logLevel: "silent" }),
  ],
  build: {
    outDir: "dist",
    // The page behind share links (`--mode share`) is built second, beside the product's.
    emptyOutDir: mode !== "share",
    manifest: mode !== "share",
    // One small file: a view that opens without a connection then has its styles already.
    cssCodeSplit: false,
    // The policy of the page allows no inline scripts, and light-dark() in the styles needs these browsers.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: path.join(import.meta.dirname, mode === "share" ? PAGES.share : PAGES.product),
      output: { codeSplitting: { groups: mode === "share" ? [] : CHUNKS } },
    },
    // three.js, in the viewer's own chunk, which only a model's page fetches.
    chunkSizeWarningLimit: 1000,
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
  },
  server: {
    host: process.env.DEV_HOST ?? "127.0.0.1",
    // With the address that was asked, or changes would look like those of a foreign page.
    proxy: Object.fromEntries(
      ["/api", "/health", "/docs", "/openapi.json", "/s/"].map((path) => [
        path,
        { target: api, changeOrigin: false },
      ]),
    ),
  },
}));
