import { fileURLToPath } from "node:url";
import { createLocalProvider } from "../../server/providers/local/local-provider.ts";
import { SILHOUETTE } from "../../server/providers/local/network.ts";
import { providerContract } from "../contracts/provider.ts";

const photo = (name: string) => ({
  path: fileURLToPath(new URL(`../fixtures/photos/${name}`, import.meta.url)),
  mediaType: "image/png",
  sha256: "",
});

providerContract("local", async () => ({
  provider: createLocalProvider({
    concurrency: 1,
    memoryBytes: 400 * 1024 ** 2,
    processorSeconds: 60,
    timeoutSeconds: 600,
  }),
  network: SILHOUETTE,
  goodPhoto: () => photo("horse-alpha.png"),
  slowPhoto: () => photo("horse-alpha.png"),
  hopelessPhoto: () => photo("blank.png"),
  async dispose() {},
}));
