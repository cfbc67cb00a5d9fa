import type { Generation } from "../../../server/contract/generation.ts";
import type { Translate } from "../i18n/use-i18n.ts";

/** What goes on right now: the stage where the server names one, else the status. */
export function describeProgress(generation: Generation, t: Translate): string {
  const { status, stage, queuePosition } = generation;
  if (status === "queued" && queuePosition) return t("generation.queuePosition", { count: queuePosition });
  const working = status === "submitting" || status === "processing" || status === "finishing";
  return working && stage ? t(`generation.stage.${stage}`) : t(`generation.status.${status}`);
}
