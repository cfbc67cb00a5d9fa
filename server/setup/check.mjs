import "./node-version.mjs";

const { main, setUp } = await import("./set-up.mjs");
const { capture } = await import("./run.mjs");
const { ROOT, TOOLS } = await import("./layout.mjs");
const { say, step } = await import("./progress.mjs");

const CHECKS = [
  { title: "Format, lint, layers, import cycles (Biome)", args: [TOOLS.biome, "ci", "--colors=off"] },
  { title: "Types (tsc)", args: [TOOLS.tsc, "-p", ".", "--pretty", "false"] },
  { title: "Unused files, exports, packages (knip)", args: [TOOLS.knip, "--no-progress"] },
];

await main(async () => {
  const runtime = await setUp({ page: false });
  const failed = [];
  for (const { title, args } of CHECKS) {
    const { code, output } = await step(title, () => capture(runtime, args, ROOT));
    if (code === 0) continue;
    failed.push(title);
    say(`${output.trim()}\n\n${title}: FAILED, see above.\n`);
  }
  if (failed.length > 0) say("Format problems and simple lint ones are mended by `npm run format`.");
  say(`${CHECKS.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
});
