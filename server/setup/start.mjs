import "./node-version.mjs";

const { main, setUp } = await import("./set-up.mjs");
const { foreground, toolEnv } = await import("./run.mjs");
const { SERVER_ARGS, serverEnv } = await import("./server-command.mjs");

await main(async () => {
  const runtime = await setUp({ page: true });
  return foreground([
    { command: runtime, args: SERVER_ARGS, env: serverEnv(toolEnv(runtime)), leashed: true },
  ]);
});
