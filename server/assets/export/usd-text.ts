/** A string literal of USDA, any Unicode in it. */
export const usdString = (text: string): string =>
  `"${text
    .toWellFormed()
    .replace(/[\\"]/g, (character) => `\\${character}`)
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "")
    .replace(/\t/g, "\\t")}"`;

/** A number that means the same in any program: seven significant digits, no exponent beyond what USDA reads. */
export const usdNumber = (value: number): string => String(Number(value.toPrecision(7)));

export const usdTuple = (values: Iterable<number>): string => `(${Array.from(values, usdNumber).join(", ")})`;
