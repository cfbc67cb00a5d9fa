import path from "node:path";
import { downloadGuarded } from "../../server/assets/download.ts";
import { TRELLIS } from "../../server/providers/genapi/networks.ts";
import { providerContract } from "../contracts/provider.ts";
import { startGenapi } from "../support/genapi-harness.ts";

providerContract("genapi", async () => {
  const harness = await startGenapi();
  const { fake } = harness;
  const photoWith = (...behaviours: Parameters<typeof fake.script>) => {
    fake.script(...behaviours);
    return harness.makePhoto();
  };
  return {
    provider: harness.provider,
    network: TRELLIS,
    goodPhoto: () => photoWith("progress"),
    hopelessPhoto: async () => ({
      path: path.join(harness.folder, "gone.jpg"),
      mediaType: "image/jpeg",
      sha256: "",
    }),
    slowPhoto: () => photoWith("create-hang"),
    download: (url, target) =>
      downloadGuarded(url, target, {
        allowedHosts: ["127.0.0.1"],
        maxBytes: 10 ** 8,
        timeoutSeconds: 20,
        signal: AbortSignal.timeout(20_000),
        allowInsecureLoopback: true,
      }),
    dispose: harness.dispose,
  };
});
