import { z } from "zod";

/** Facts about a surface, equal positions welded; cheap enough for every model. */
export const SurfaceFacts = z
  .object({
    openEdges: z.number().int().describe("Edges of one triangle only: rims of holes"),
    nonManifoldEdges: z.number().int().describe("Edges of more than two triangles"),
    flippedEdges: z.number().int().describe("Edges between a triangle and one that is inside out"),
    collapsedTriangles: z.number().int().describe("Triangles without area"),
    looseParts: z.number().int().describe("Pieces that touch nowhere"),
    isInsideOut: z.boolean().describe("A closed surface whose outside is inside"),
    areaSquareMetres: z.number(),
    volumeCubicMetres: z.number().nullable().describe("null where the surface does not enclose space"),
    outlineFill: z
      .number()
      .describe("Area seen from the flattest side as a share of its rectangle; a rectangular slab has 1"),
  })
  .meta({ id: "SurfaceFacts" });
export type SurfaceFacts = z.infer<typeof SurfaceFacts>;

/** Why a model may not print; those that `blocks` is true for make it not printable as it is. */
export const PRINT_REASONS = [
  "no-volume",
  "open-edges",
  "non-manifold-edges",
  "flipped-faces",
  "inside-out",
  "thin-walls",
  "self-intersections",
  "loose-parts",
  "larger-than-bed",
] as const;
export const PrintReason = z.enum(PRINT_REASONS);
export type PrintReason = z.infer<typeof PrintReason>;

const Millimetres3 = z.tuple([z.number(), z.number(), z.number()]);

/** What a print of the model as it is would meet. Lengths are millimetres at the true size, Z up. */
export const PrintCheck = z
  .object({
    printable: z.boolean(),
    reasons: z.array(
      z.object({
        code: PrintReason,
        blocks: z.boolean(),
        count: z.number().int().nullable().describe("How many edges, faces or pieces"),
      }),
    ),
    surface: SurfaceFacts.extend({ watertight: z.boolean(), triangles: z.number().int() }),
    sizeMillimetres: Millimetres3,
    volumeCubicCentimetres: z.number().nullable(),
    areaSquareCentimetres: z.number(),
    parts: z
      .array(
        z.object({
          triangles: z.number().int(),
          sizeMillimetres: Millimetres3,
          areaShare: z.number(),
          volumeCubicCentimetres: z.number().nullable(),
        }),
      )
      .describe("The largest loose parts by area, eight at most"),
    selfIntersections: z.number().int().nullable().describe("Pairs of triangles; null in too large models"),
    wall: z
      .object({
        smallestMillimetres: z.number().describe("Thinner is one hundredth of the measured places only"),
        medianMillimetres: z.number(),
        thinShare: z.number().describe("Share of the measured places below the threshold"),
        thresholdMillimetres: z.number(),
        places: z.number().int(),
      })
      .nullable()
      .describe("null where nothing has two sides"),
  })
  .meta({ id: "PrintCheck" });
export type PrintCheck = z.infer<typeof PrintCheck>;

/** What a repair for print did. Lengths are millimetres at the true size, Z up. */
export const PrintRepairSteps = z.object({
  holesClosed: z.number().int(),
  largestHoleMillimetres: z.number().nullable().describe("Circumference over π"),
  cornersJoined: z.number().int().describe("Corners at cracks of at most 1/2000 of the diagonal"),
  facesTurned: z.number().int(),
  duplicatesRemoved: z.number().int().describe("Faces that were there twice, and walls inside"),
  sheetsThickened: z.number().int().describe("Pieces without thickness that got 1 mm"),
  specksDropped: z
    .number()
    .int()
    .describe("Loose pieces of less than a thousandth of the largest one's volume"),
  shellsJoined: z.number().int().describe("Closed pieces that were united"),
  cutMillimetres: z.number().describe("How much was cut off below so that it stands"),
  gridMillimetres: z
    .number()
    .nullable()
    .describe("Step of the grid that a new surface was made on, where the old one was past mending"),
  volumeCubicCentimetres: z.number(),
  sizeMillimetres: Millimetres3,
});
export type PrintRepairSteps = z.infer<typeof PrintRepairSteps>;

export const PrintRepair = z
  .object({
    steps: PrintRepairSteps,
    check: PrintCheck.describe("The repaired model, checked like any other"),
  })
  .meta({ id: "PrintRepair" });
export type PrintRepair = z.infer<typeof PrintRepair>;
