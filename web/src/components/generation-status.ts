import type { Generation } from "../../../server/contract/generation.ts";
import type { Translate } from "../i18n/use-i18n.ts";

/** The photo was on its way to the service when the connection broke: it may have it. */
export const awaitsSign = ({ status, stage }: Generation): boolean =>
  status === "submitting" && stage === "generating";

/** What goes on right now: the stage where the server names one, else the status. */
export function describeProgress(generation: Generation, t: Translate): string {
  const { status, stage, queuePosition, pause } = generation;
  if (pause || awaitsSign(generation)) return t("generation.waiting");
  if (status === "queued" && queuePosition) return t("generation.queuePosition", { count: queuePosition });
  const working = status === "submitting" || status === "processing" || status === "finishing";
  return working && stage ? t(`generation.stage.${stage}`) : t(`generation.status.${status}`);
}
