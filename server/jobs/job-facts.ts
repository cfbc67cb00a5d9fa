import type { GenerationJob } from "../queue/catalogue.ts";
import type { SpanFacts } from "../tracing.ts";

/** Whose work on what a span of a job is; jobs of older versions have no user. */
export const jobFacts = ({
  generationId,
  userId,
}: Pick<GenerationJob, "generationId" | "userId">): SpanFacts => ({
  "photo_to_3d.generation.id": generationId,
  "enduser.id": userId ?? undefined,
});
