import "./node-version.mjs";

const { main, setUp } = await import("./set-up.mjs");
const { foreground } = await import("./run.mjs");

await main(async () => {
  const runtime = await setUp({ page: true });
  return foreground([
    { command: runtime, args: ["server/index.ts", ...process.argv.slice(2)], leashed: true },
  ]);
});
