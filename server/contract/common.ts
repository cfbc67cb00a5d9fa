import { z } from "zod";

/** UUID version 7: sorts by the time of creation. */
export const Id = z.uuid().meta({ id: "Id", description: "UUID version 7" });

/** ISO-8601 time in UTC. */
export const Time = z.iso.datetime().meta({ id: "Time" });

/** A text in both languages of the product. */
export const LocalizedText = z.object({ en: z.string(), ru: z.string() }).meta({ id: "LocalizedText" });
export type LocalizedText = z.infer<typeof LocalizedText>;

export const LENGTH_UNITS = ["mm", "cm", "m", "in"] as const;
export const METRES_PER_UNIT: Record<(typeof LENGTH_UNITS)[number], number> = {
  mm: 0.001,
  cm: 0.01,
  m: 1,
  in: 0.0254,
};

const Extent = z.number().positive().max(1_000_000);

/** A request for true size: one to three extents. `length` runs along X, `width` along Z, `height` along Y. */
export const DimensionsInput = z
  .strictObject({
    length: Extent.nullish(),
    width: Extent.nullish(),
    height: Extent.nullish(),
    unit: z.enum(LENGTH_UNITS).default("cm"),
  })
  .refine(
    (value) => value.length || value.width || value.height,
    "Give at least one of length, width, height.",
  )
  .meta({ id: "DimensionsInput" });
export type DimensionsInput = z.infer<typeof DimensionsInput>;

/** The model's real extents, all three of them. */
export const Dimensions = z
  .object({ length: z.number(), width: z.number(), height: z.number(), unit: z.enum(LENGTH_UNITS) })
  .meta({ id: "Dimensions" });
export type Dimensions = z.infer<typeof Dimensions>;

/** No control characters and no halves of surrogate pairs: databases and file names can't hold some of them. */
const oneLine = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Control characters are not possible here.");
export const Name = oneLine.min(1).max(200);
export const Tags = z.array(oneLine.min(1).max(50)).max(20);
/** Several lines; of the control characters only line breaks and tabs. */
export const Text = z
  .string()
  .trim()
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u, "Control characters are not possible here.")
  .max(5000);

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(24),
  cursor: z.string().max(2000).optional(),
  total: z.stringbool().default(false),
});

/** A page of a list: `items`, an opaque `nextCursor`, and `total` where it was asked for. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() });

/** A multipart field that carries JSON. */
export const jsonField = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .max(20_000)
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "This field must hold JSON." });
        return z.NEVER;
      }
    })
    .pipe(schema);
