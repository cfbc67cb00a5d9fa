import type { ProviderId } from "../contract/provider.ts";

/** A job about one generation. All but its id is for log and traces only, and missing in jobs of older versions. */
export interface GenerationJob {
  generationId: string;
  requestId: string | null;
  /** Its owner. */
  userId?: string | null;
  /** Of the request that began it (W3C Trace Context). */
  traceparent?: string | null;
}

/** A job about a row. */
export const jobAbout = ({
  id,
  requestId,
  userId,
  traceparent,
}: Omit<GenerationJob, "generationId"> & { id: string }): GenerationJob => ({
  generationId: id,
  requestId,
  userId,
  traceparent,
});

/** Every job of the product: name → payload. */
export interface JobPayloads {
  "submit-local": GenerationJob;
  "submit-genapi": GenerationJob;
  wake: GenerationJob;
  finish: GenerationJob;
  rescue: GenerationJob;
}

export type JobName = keyof JobPayloads;

/** Seconds after which a job that has not ended counts as lost and is tried again. */
export const JOB_EXPIRY_SECONDS: Record<JobName, number> = {
  "submit-local": 180,
  "submit-genapi": 300,
  wake: 120,
  finish: 600,
  rescue: 600,
};

/** How often a job that threw is tried again, with growing pauses. */
export const JOB_RETRY_LIMIT = 4;

export const submitJobOf = (provider: ProviderId) => `submit-${provider}` as const satisfies JobName;
