import { z } from "zod";
import { Dimensions, DimensionsInput, Id, jsonField, Name, PageQuery, pageOf, Tags, Time } from "./common.ts";
import { ParamValues, Pause, ProviderId } from "./provider.ts";

export const GENERATION_STATUSES = [
  "queued",
  "submitting",
  "processing",
  "finishing",
  "succeeded",
  "failed",
  "canceled",
  "needs-confirmation",
] as const;
export const GenerationStatus = z.enum(GENERATION_STATUSES);
export type GenerationStatus = z.infer<typeof GenerationStatus>;

/** States that no job will change any more. */
export const FINAL_STATUSES: readonly GenerationStatus[] = ["succeeded", "failed", "canceled"];

export const GENERATION_STAGES = [
  "queued",
  "uploading",
  "generating",
  "downloading",
  "checking",
  "optimizing",
  "thumbnail",
] as const;
export const GenerationStage = z.enum(GENERATION_STAGES);
export type GenerationStage = z.infer<typeof GenerationStage>;

export const PhotoView = z
  .object({
    url: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    bytes: z.number().int(),
    mediaType: z.string(),
  })
  .meta({ id: "Photo" });

export const GenerationError = z
  .object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    suggestion: z.string().nullable(),
  })
  .meta({ id: "GenerationError" });

/**
 * What a retry does: `finish` makes the model of a result that was kept, `fetch` asks the provider again for work that
 * it accepted, `generate` begins anew; only that may be charged.
 */
const RetryWay = z.enum(["finish", "fetch", "generate"]);
export const GenerationRetry = z
  .object({ way: RetryWay, mayCost: z.boolean() })
  .meta({ id: "GenerationRetry" });
export type GenerationRetry = z.infer<typeof GenerationRetry>;

/** A photo on its way to a model. `progress` is a percentage or null where the provider gives none. */
export const Generation = z
  .object({
    id: Id,
    status: GenerationStatus,
    stage: GenerationStage.nullable(),
    progress: z.number().min(0).max(100).nullable(),
    queuePosition: z.number().int().positive().nullable(),
    etaSeconds: z.number().int().nonnegative().nullable(),
    provider: ProviderId,
    network: z.string(),
    preset: z.string().nullable(),
    params: ParamValues,
    name: z.string(),
    tags: z.array(z.string()),
    dimensions: Dimensions.partial({ length: true, width: true, height: true }).nullable(),
    photo: PhotoView,
    modelId: Id.nullable(),
    cost: z.number().nullable().describe("Roubles that the provider named, all attempts together"),
    expectedCost: z
      .number()
      .nullable()
      .describe("Roubles set aside, or that may have been charged, where the provider has named no cost"),
    keptResult: z
      .boolean()
      .describe("Canceled, but the paid result was kept: a retry makes the model of it without paying again"),
    keptUntil: Time.nullable().describe("When a kept result that nobody took is removed"),
    pause: Pause.nullable(),
    error: GenerationError.nullable(),
    retry: GenerationRetry.nullable().describe("Null while it runs, and where it succeeded"),
    attempts: z.number().int(),
    tries: z.number().int().describe("Attempts since a person last started it"),
    createdAt: Time,
    updatedAt: Time,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
  })
  .meta({ id: "Generation" });
export type Generation = z.infer<typeof Generation>;

export const GenerationPage = pageOf(Generation).meta({ id: "GenerationPage" });

/** The text fields of `POST /generations`; the photo itself is the file part `photo` (or `image`). */
export const CreateGenerationFields = z
  .strictObject({
    name: Name.optional(),
    provider: ProviderId.optional(),
    network: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, "A network id has small letters, digits, dots and dashes.")
      .optional(),
    preset: z.enum(["draft", "standard", "high"]).optional(),
    params: jsonField(ParamValues).optional(),
    dimensions: jsonField(DimensionsInput).optional(),
    tags: jsonField(Tags).optional(),
    onDuplicate: z
      .enum(["create", "ask"])
      .optional()
      .describe(
        "`ask` refuses (`duplicate-generation`) what was paid for with the same photo and settings within an hour",
      ),
  })
  .meta({ id: "CreateGenerationFields" });

export const GenerationQuery = PageQuery.extend({
  status: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(GenerationStatus))
    .optional(),
  owner: z
    .enum(["me", "all"])
    .optional()
    .describe("Your own, the default; or everybody's, for administrators"),
}).strict();

/** What `POST /generations/:id/cancel` says: the generation, and whether the remote charge can still be avoided. */
export const CancelAnswer = z
  .object({ generation: Generation, chargeAvoided: z.boolean().nullable(), message: z.string() })
  .meta({ id: "CancelAnswer" });

/** The optional body of `POST /generations/:id/retry`. */
export const RetryGeneration = z
  .strictObject({
    acceptSecondCharge: z
      .boolean()
      .default(false)
      .describe(
        "Needed where the first attempt may already be charged (`needs-confirmation`) and where its result was paid for and is of no use (`second-charge`)",
      ),
    way: RetryWay.optional().describe("Refuses (`conflict`) where a retry would by now do something else"),
  })
  .default({ acceptSecondCharge: false })
  .meta({ id: "RetryGeneration" });

/** Fractions of the photo's width and height, origin at the top left. */
export const Box = z
  .strictObject({
    x: z.number().min(0).max(1),
    y: z.number().min(0).max(1),
    width: z.number().min(0.02).max(1),
    height: z.number().min(0.02).max(1),
  })
  .meta({ id: "Box" });
export type Box = z.infer<typeof Box>;

export const CutoutFields = z.strictObject({ box: jsonField(Box).optional() });

/** The local generator's cut-out before any model is made. `image` is a PNG data URI with alpha. */
export const Cutout = z
  .object({
    mode: z.enum(["object", "relief"]),
    maskSource: z.string(),
    confidence: z.number().min(0).max(1),
    width: z.number().int(),
    height: z.number().int(),
    image: z.string(),
    place: Box.nullable().describe("Where it is in the photo; null where a box was given"),
  })
  .meta({ id: "Cutout" });
export type Cutout = z.infer<typeof Cutout>;
