import "./node-version.mjs";

const { main, setUp } = await import("./set-up.mjs");
const { foreground, toolEnv } = await import("./run.mjs");
const { TOOLS } = await import("./layout.mjs");
const { say } = await import("./progress.mjs");

/** Where the fake GenAPI of `npm run dev:fake` listens. */
const FAKE_PORT = 3999;

await main(async () => {
  const runtime = await setUp({ page: false });
  const fake = process.argv.includes("--fake");
  const port = process.env.PORT || "3001";
  const env = {
    ...toolEnv(runtime),
    PORT: port,
    DEV_API_URL: `http://127.0.0.1:${port}`,
    ...(fake && {
      GENAPI_BASE_URL: `http://127.0.0.1:${FAKE_PORT}/api/v1`,
      GENAPI_API_KEY: "fake-key-for-development",
    }),
  };
  say(
    `Server with reload on port ${port}, the page on the address that Vite prints. Ctrl-C stops everything.`,
  );
  return foreground([
    ...(fake
      ? [{ command: runtime, args: ["test/support/fake-genapi/main.ts", String(FAKE_PORT)], env }]
      : []),
    { command: runtime, args: ["--watch", "--watch-preserve-output", "server/index.ts"], env },
    { command: runtime, args: [TOOLS.vite, "web", "--clearScreen", "false"], env },
  ]);
});
