import "./node-version.mjs";

const { main, setUp } = await import("./set-up.mjs");
const { say } = await import("./progress.mjs");

await main(async () => {
  await setUp({ page: true });
  say("The page is in web/dist.");
  return 0;
});
