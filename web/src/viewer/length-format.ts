import type { LENGTH_UNITS } from "../../../server/contract/common.ts";

export type LengthUnit = (typeof LENGTH_UNITS)[number];

/** As in the contract, repeated because the contract's module brings its whole validator into the page. */
export const METRES_PER_UNIT: Record<LengthUnit, number> = { mm: 0.001, cm: 0.01, m: 1, in: 0.0254 };

export const LENGTH_UNIT_NAMES = Object.keys(METRES_PER_UNIT) as LengthUnit[];

const INTL_UNIT: Record<LengthUnit, string> = {
  mm: "millimeter",
  cm: "centimeter",
  m: "meter",
  in: "inch",
};

/** Metres in `unit`, rounded to three significant digits at least and never finer than 0.01 of the unit. */
export function toUnit(metres: number, unit: LengthUnit): number {
  const value = metres / METRES_PER_UNIT[unit];
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}

/** A length for people, such as "42.5 cm" or "42,5 см". */
export function formatLength(metres: number, unit: LengthUnit, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: INTL_UNIT[unit],
    unitDisplay: "short",
    maximumFractionDigits: 2,
  }).format(toUnit(metres, unit));
}

/** Length × width × height for people, such as "200 × 90 × 85 cm"; the unit stands once. */
export function formatSize(
  metres: readonly [number, number, number],
  unit: LengthUnit,
  locale: string,
): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const [length, width, height] = metres;
  const plain = [length, width].map((value) => number.format(toUnit(value, unit)));
  return [...plain, formatLength(height, unit, locale)].join(" × ");
}

/** The unit in which a thing of this size is usually spoken of. */
export function naturalUnit(metres: number): LengthUnit {
  if (metres < 0.02) return "mm";
  return metres < 3 ? "cm" : "m";
}
