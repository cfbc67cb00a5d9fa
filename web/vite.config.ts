import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";

const api = process.env.DEV_API_URL ?? "http://127.0.0.1:3001";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    compression({ algorithms: ["brotliCompress", "gzip"], threshold: 512, logLevel: "silent" }),
  ],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    // One small file: a view that opens without a connection then has its styles already.
    cssCodeSplit: false,
    // The policy of the page allows no inline scripts, and light-dark() in the styles needs these browsers.
    assetsInlineLimit: 0,
    // three.js, in the viewer's own chunk, which only a model's page fetches.
    chunkSizeWarningLimit: 1000,
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/health", "/docs", "/openapi.json", "/s/"].map((path) => [path, api]),
    ),
  },
});
