import { EXPORTS } from "../assets/export/kinds.ts";
import type { ExportKind } from "../contract/model.ts";
import type { Logger } from "../logger.ts";
import { type DerivedFileDeps, ensureFile } from "./derived-files.ts";

/** What phones ask for first. */
const PHONE_KINDS: ExportKind[] = ["ar", "usdz"];

/**
 * Makes the files for phones of shared models, one after the other, so that the first visitor finds them made. What
 * fails is only logged: the visitor's own request tries again and tells why.
 * @param signal no further file is begun
 */
export async function warmShared(
  deps: DerivedFileDeps & { logger: Logger },
  modelIds: string[],
  signal: AbortSignal,
): Promise<void> {
  for (const id of modelIds) {
    for (const kind of PHONE_KINDS) {
      if (signal.aborted) return;
      if (!EXPORTS[kind]) continue;
      await ensureFile(deps, { id }, kind).catch((error) => {
        if (!signal.aborted) deps.logger.warn("A shared model's file was not made ahead", { kind, error });
      });
    }
  }
}
