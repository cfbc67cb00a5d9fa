import type { LocalizedText } from "../../contract/common.ts";
import { writeVerdict } from "./catalogue.ts";
import { ownsPlace } from "./claim.ts";
import type { BackupDeps } from "./deps.ts";
import type { RunHandle } from "./exclusive-run.ts";
import { failureOf, within } from "./failure.ts";
import { progressOf } from "./run-progress.ts";
import type { Outcome } from "./runs.ts";
import { verifyBackup } from "./verify-backup.ts";

/** A backup that could not be tried out is still one: the run says so, and the list that it wasn't verified. */
export async function tryToVerify(
  deps: BackupDeps,
  handle: RunHandle,
  filename: string,
  identity?: string,
): Promise<Partial<Outcome>> {
  try {
    return await verify(deps, handle, { filename, identity });
  } catch (error) {
    const reason = handle.signal.aborted ? handle.signal.reason : error;
    deps.logger.error("The backup was made, but could not be verified", { filename, error: reason });
    const failure = within(failureOf(reason), {
      en: "The backup was made, but could not be verified:",
      ru: "Копия создана, но проверить её не удалось:",
    });
    return { failure };
  }
}

/** Tries a backup out within a run, and keeps what came of it beside the backup. */
export async function verify(
  deps: BackupDeps,
  handle: RunHandle,
  what: { filename: string; identity?: string; foreign?: boolean },
): Promise<Partial<Outcome>> {
  const { url, storage, target, signer, logger } = deps;
  handle.report({ step: "verifying", filesDone: 0, filesTotal: null, bytesDone: 0, bytesTotal: null });
  const { signal } = handle;
  const onProgress = progressOf(handle);
  const found = await verifyBackup({
    url,
    storage,
    target,
    signer,
    ...what,
    removesDamaged: await ownsPlace(deps),
    signal,
    onProgress,
  });
  const { filename } = what;
  const verdict = await writeVerdict(target, filename, found);
  if (!verdict.ok) {
    const said = (locale: keyof LocalizedText) => verdict.details.map((text) => text[locale]).join(" ");
    const detail = {
      en: `The backup ${filename} is not whole: ${said("en")}`,
      ru: `Копия ${filename} не цела: ${said("ru")}`,
    };
    logger.error("A backup was found not to be whole", {
      filename,
      details: verdict.details.map(({ en }) => en),
    });
    return {
      state: "failed",
      failure: { code: "backup-damaged", detail },
      verifiedOk: false,
      verifiedAt: new Date(verdict.at),
    };
  }
  // Equal checksums alone are no proof that it can be restored.
  return verdict.scope === "restored" ? { verifiedOk: true, verifiedAt: new Date(verdict.at) } : {};
}
