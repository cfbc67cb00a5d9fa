import { z } from "zod";
import { OWNERS } from "./access.ts";
import { ArAdvice, ModelFeatures } from "./ar.ts";
import {
  Dimensions,
  DimensionsInput,
  Id,
  jsonField,
  Name,
  PageQuery,
  pageOf,
  Tags,
  Text,
  Time,
} from "./common.ts";
import { DeliveryRecord, DeliveryRequest } from "./delivery.ts";
import { SurfaceFacts } from "./print.ts";
import { Hotspots, Viewpoint } from "./viewing.ts";

/** `team`: every member may look at it; only its owner and administrators change it. */
export const VISIBILITIES = ["private", "team"] as const;

export const MODEL_STATUSES = ["active", "archived"] as const;

/**
 * Kinds of file a model can have; `glb` is the compact one for viewing, `original` is never altered. `preview` is `glb`
 * with textures of at most 1024 pixels, to be drawn first; it tells where in `glb` the full ones lie (`FullTextures`),
 * and only models have it for which that saves much.
 */
export const FILE_KINDS = ["glb", "preview", "original", "thumbnail", "photo"] as const;
export const FileKind = z.enum(FILE_KINDS);
export type FileKind = z.infer<typeof FileKind>;

/** Kinds that are made from the original when they are first asked for. */
export const EXPORT_KINDS = [
  "ar",
  "compatible",
  "usdz",
  "stl",
  "3mf",
  "obj",
  "turntable",
  "print-stl",
  "print-3mf",
  "print-check",
  "print-repair",
] as const;
export const ExportKind = z.enum(EXPORT_KINDS);
export type ExportKind = z.infer<typeof ExportKind>;

export const FileView = z
  .object({ url: z.string(), bytes: z.number().int(), sha256: z.string(), mediaType: z.string() })
  .meta({ id: "File" });

export const ExportView = z
  .object({
    url: z.string().describe("The first request makes the file, which can take a minute"),
    mediaType: z.string(),
    bytes: z.number().int().nullable().describe("null until the file was made"),
    sha256: z.string().nullable(),
  })
  .meta({ id: "Export" });
export type ExportView = z.infer<typeof ExportView>;

const Vector3 = z.tuple([z.number(), z.number(), z.number()]);

/** Facts about a mesh. Lengths are metres. */
export const ModelStats = z
  .object({
    triangles: z.number().int(),
    vertices: z.number().int(),
    materials: z.number().int(),
    textures: z.array(z.object({ width: z.number().int(), height: z.number().int(), mediaType: z.string() })),
    boundingBoxMetres: z.object({ min: Vector3, max: Vector3 }),
    watertight: z.boolean(),
    surface: SurfaceFacts.optional().describe("Missing in models published before it was measured"),
    delivery: DeliveryRecord.optional(),
    features: ModelFeatures.optional(),
    quality: z
      .object({ ssim: z.number(), views: z.number().int() })
      .optional()
      .describe("How much `model.glb` looks like the original: mean structural similarity, 1 is equal"),
  })
  .meta({ id: "ModelStats" });
export type ModelStats = z.infer<typeof ModelStats>;

/** What the local generator says about its own work; null in models that it did not make. */
export const LocalReport = z
  .object({
    mode: z.enum(["object", "relief"]),
    maskSource: z
      .string()
      .describe(
        "where the cut-out came from: alpha, background, saliency, centre or box; none for a whole picture",
      ),
    confidence: z.number().min(0).max(1),
    scaleAssumed: z.boolean(),
  })
  .meta({ id: "LocalReport" });
export type LocalReport = z.infer<typeof LocalReport>;

/**
 * `flat` like a poster and `slab` like a board, as when the background was taken for the object; `huge` beyond any object's size; `over-budget`
 * where `model.glb` could not be made as small as it should be without visible harm.
 */
export const MODEL_REMARKS = ["flat", "slab", "huge", "over-budget"] as const;

export const Model = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string().nullable(),
    status: z.enum(MODEL_STATUSES),
    tags: z.array(z.string()),
    dimensions: Dimensions,
    delivery: DeliveryRequest,
    stats: ModelStats,
    files: z
      .partialRecord(FileKind, FileView)
      .describe(
        "`preview` is `glb` with textures of at most 1024 pixels, to be drawn first; models that would gain little by it have none",
      ),
    exports: z
      .partialRecord(ExportKind, ExportView)
      .describe("Files that are made on demand; none for a model in the trash"),
    generationId: Id.nullable(),
    provider: z.string().nullable(),
    network: z.string().nullable(),
    localReport: LocalReport.nullable(),
    remarks: z.array(z.enum(MODEL_REMARKS)).describe("What looks wrong with the shape"),
    arAdvice: z.array(ArAdvice).describe("What the AR viewers of phones may not like about it"),
    metadata: z.record(z.string(), z.unknown()),
    visibility: z.enum(VISIBILITIES),
    owner: z.object({ id: Id, name: z.string().nullable() }),
    canChange: z.boolean().describe("Whether you may change, share and delete it"),
    createdAt: Time,
    updatedAt: Time,
    deletedAt: Time.nullable(),
  })
  .meta({ id: "Model" });
export type Model = z.infer<typeof Model>;

export const ModelPage = pageOf(Model).meta({ id: "ModelPage" });

export const MODEL_SORTS = ["createdAt", "-createdAt", "updatedAt", "-updatedAt", "name", "-name"] as const;

const OwnerField = z
  .enum(OWNERS)
  .optional()
  .describe("Your own, the default; what is shared with the team; or everybody's, for administrators");

export const ModelQuery = PageQuery.extend({
  q: z.string().trim().max(200).optional(),
  tag: z.string().trim().max(50).optional(),
  status: z.enum([...MODEL_STATUSES, "deleted"]).default("active"),
  sort: z.enum(MODEL_SORTS).default("-createdAt"),
  owner: OwnerField,
}).strict();

export const TagQuery = z.strictObject({ owner: OwnerField });

export const UpdateModel = z
  .strictObject({
    name: Name,
    description: Text.nullable(),
    tags: Tags,
    status: z.enum(MODEL_STATUSES),
    visibility: z.enum(VISIBILITIES),
    dimensions: DimensionsInput,
    delivery: DeliveryRequest,
    hotspots: Hotspots.describe("All notes, in `metadata.hotspots` then"),
    viewpoint: Viewpoint.nullable().describe("In `metadata.viewpoint` then; null forgets it"),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, "Give at least one field to change.")
  .meta({ id: "UpdateModel" });

export const ImportModelFields = z.strictObject({
  name: Name.optional(),
  dimensions: jsonField(DimensionsInput).optional(),
  delivery: jsonField(DeliveryRequest).optional(),
});

/** Tags in use with the number of active models that carry each. */
export const TagList = z
  .object({ items: z.array(z.object({ tag: z.string(), count: z.number().int() })) })
  .meta({ id: "TagList" });
