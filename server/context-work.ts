import path from "node:path";
import { downloadGuarded } from "./assets/download.ts";
import type { Config } from "./config.ts";
import { resultHosts } from "./context-providers.ts";
import { createAnswerJournal } from "./jobs/answer-journal.ts";
import { startWebhookWorker } from "./jobs/webhook-worker.ts";
import { startWorker } from "./jobs/worker.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createEventRenderer } from "./routes/present-webhook-event.ts";
import { isFrozen } from "./services/system/frozen.ts";
import { isWorkHeld } from "./services/system/maintenance.ts";
import type { SystemState } from "./services/system/system-state.ts";
import type { Vault } from "./services/vault/vault.ts";

const RESULT_MAX_BYTES = 200 * 1024 ** 2;
const RESULT_TIMEOUT_SECONDS = 300;

/** What the worker takes as it is, and this file does not make. */
type GivenToWorker = Omit<
  Parameters<typeof startWorker>[0],
  "journal" | "callbackBase" | "isHeld" | "watchHold" | "isFrozen" | "download"
>;

interface Parts extends GivenToWorker {
  config: Config;
  switches: SystemState;
  metrics: Metrics;
  vault: Vault;
  /** Of the product. */
  version: string;
}

/** Makes models and sends webhooks, until `stopping` aborts; taken down with `building`. */
export async function startWork(parts: Parts, building: AsyncDisposableStack): Promise<void> {
  const { config, switches, metrics, vault, version, ...given } = parts;
  const { records, directory, logger, stopping } = given;
  const { publicUrl } = config;
  const worker = await startWorker({
    ...given,
    journal: createAnswerJournal(path.join(config.dataFolder, "answers")),
    callbackBase: publicUrl && `${publicUrl}/hooks/genapi`,
    isHeld: () => isWorkHeld(switches),
    watchHold: switches.watch,
    isFrozen: () => isFrozen(switches),
    download: (from, target, signal) =>
      metrics.providerRequests.observeDownload("genapi", () =>
        downloadGuarded(from, target, {
          allowedHosts: resultHosts(config),
          allowInsecureLoopback: config.genapi.allowInsecureLoopback,
          maxBytes: RESULT_MAX_BYTES,
          timeoutSeconds: RESULT_TIMEOUT_SECONDS,
          keepPart: true,
          signal,
        }),
      ),
  });
  building.defer(() => worker.dispose());
  building.adopt(
    startWebhookWorker({
      records,
      logger,
      version,
      renderEvent: createEventRenderer({ records, directory, publicUrl }),
      observe: metrics.observeWebhook,
      isFrozen: () => isFrozen(switches),
      targets: { allowedHosts: config.webhooks.allowedHosts },
      vault,
      stopping,
    }),
    (part) => part.dispose(),
  );
}
