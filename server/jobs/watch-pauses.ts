import { claimPauseChecks, type PauseCheck } from "../models/provider-pause.ts";
import { SERVER } from "../services/audit.ts";
import { resumeProvider } from "../services/provider-pauses.ts";
import type { JobDeps } from "./deps.ts";

/** The balance is asked for so often during a pause. */
const CHECKS = 10;
const TIMEOUT_MS = 5000;

/**
 * Ends the pauses of providers: those whose time is over, and those for want of money as soon as the balance has
 * grown. Run often, in every process; each pause is looked at by one of them at a time.
 */
export async function watchPauses(deps: JobDeps): Promise<void> {
  const { records, logger, pace } = deps;
  for (const pause of await claimPauseChecks(records, pace.pause / CHECKS)) {
    if (!pause.isOver && !(await hasGrown(deps, pause))) continue;
    if (await resumeProvider(deps, pause.provider, SERVER)) {
      logger.info("The provider's pause is over", { provider: pause.provider, code: pause.code });
    }
  }
}

async function hasGrown(
  { records, directory, logger, stopping }: JobDeps,
  { provider: id, code, balanceRoubles: before }: PauseCheck,
): Promise<boolean> {
  const provider = directory.providers.get(id);
  if (code !== "provider-balance" || !provider) return false;
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)]);
    const balance = await provider.balance(signal, 0);
    if (balance === null) return false;
    if (before !== null) return balance > Number(before);
    await records.ProviderPause.update(
      { balanceRoubles: String(balance) },
      { where: { provider: id, balanceRoubles: null } },
    );
  } catch (error) {
    if (!stopping.aborted) logger.warn("The balance could not be read", { provider: id, error });
  }
  return false;
}
