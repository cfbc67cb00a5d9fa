import type { Generation, GenerationStage } from "../../../../server/contract/generation.ts";
import type { ProviderId } from "../../../../server/contract/provider.ts";

const REMOTE_STAGES: readonly GenerationStage[] = [
  "queued",
  "uploading",
  "generating",
  "downloading",
  "checking",
  "optimizing",
  "thumbnail",
];

/** The built-in generator sends nothing away and fetches nothing back. */
const LOCAL_STAGES = REMOTE_STAGES.filter((stage) => stage !== "uploading" && stage !== "downloading");

/** The stages a generation goes through, in order. */
export function stagesOf(provider: ProviderId): readonly GenerationStage[] {
  return provider === "local" ? LOCAL_STAGES : REMOTE_STAGES;
}

/** The stage that is on now, also where the server names none. */
export function currentStage({ stage, status }: Pick<Generation, "stage" | "status">): GenerationStage {
  if (status === "submitting") return "uploading";
  if (stage) return stage;
  if (status === "processing") return "generating";
  return status === "finishing" ? "checking" : "queued";
}
