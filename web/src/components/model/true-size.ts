import type { z } from "zod";
import type { Dimensions as DimensionsSchema } from "../../../../server/contract/common.ts";
import { type LengthUnit, METRES_PER_UNIT } from "../../viewer/length-format.ts";

export type Dimensions = z.infer<typeof DimensionsSchema>;
export type Extent = "length" | "width" | "height";
export const EXTENTS: readonly Extent[] = ["length", "width", "height"];
export type Measures = Partial<Record<Extent, number>>;

/** More than this apart, three measures change the model's shape visibly. */
const STRETCH_TOLERANCE = 0.02;

const toMetres = (value: number, unit: LengthUnit) => value * METRES_PER_UNIT[unit];

/** The three extents in metres. */
export const inMetres = ({ length, width, height, unit }: Dimensions): Record<Extent, number> => ({
  length: toMetres(length, unit),
  width: toMetres(width, unit),
  height: toMetres(height, unit),
});

/**
 * Extents in metres after the given measures (in `unit`): one or two scale the rest with them, by the mean of
 * their factors; three are taken as they are. Null where no measure is given.
 */
export function resized(
  current: Dimensions,
  measures: Measures,
  unit: LengthUnit,
): Record<Extent, number> | null {
  const before = inMetres(current);
  const given = EXTENTS.filter((extent) => measures[extent] !== undefined);
  if (given.length === 0) return null;
  const factors = given.map((extent) => toMetres(measures[extent]!, unit) / before[extent]);
  const factor = factors.reduce((sum, value) => sum + value, 0) / factors.length;
  const after = (extent: Extent) => {
    const measure = measures[extent];
    return measure === undefined ? before[extent] * factor : toMetres(measure, unit);
  };
  return { length: after("length"), width: after("width"), height: after("height") };
}

/** Whether the new extents change the proportions so much that the model looks stretched. */
export function isStretched(current: Dimensions, after: Record<Extent, number>): boolean {
  const before = inMetres(current);
  const factors = EXTENTS.map((extent) => after[extent] / before[extent]);
  return Math.max(...factors) / Math.min(...factors) > 1 + STRETCH_TOLERANCE;
}
