import type { DimensionsInput, LENGTH_UNITS } from "../../../../server/contract/common.ts";

export const EXTENTS = ["height", "width", "length"] as const;
export type Extent = (typeof EXTENTS)[number];

export type LengthUnit = (typeof LENGTH_UNITS)[number];
export const UNITS: readonly LengthUnit[] = ["mm", "cm", "m", "in"];

/** One measurement as it is typed. */
export interface Measurement {
  text: string;
  extent: Extent;
  unit: LengthUnit;
}

const LARGEST = 1_000_000;

/** Reads a number as people write it, with a comma or a point; null where it is none above zero. */
export function parseMeasure(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return value > 0 && value <= LARGEST ? value : null;
}

export function isMeasurementValid({ text }: Measurement): boolean {
  return text.trim() === "" || parseMeasure(text) !== null;
}

/** What the server is asked for; null where nothing was measured. */
export function toDimensions({ text, extent, unit }: Measurement): DimensionsInput | null {
  const value = parseMeasure(text);
  return value === null ? null : { [extent]: value, unit };
}
