import { parseMeasure } from "../../pages/create/measurement.ts";

/** Bounds to choose from, bytes. */
export const BOUNDS = [1_000_000, 2_000_000, 5_000_000] as const;
/** What the server takes, bytes. */
const [LEAST, MOST] = [20_000, 200_000_000];

/** What is chosen: no bound, one of `BOUNDS`, or one that is typed. */
export type BoundChoice = "none" | "own" | `${(typeof BOUNDS)[number]}`;

export function choiceOf(maxBytes: number | null): BoundChoice {
  if (maxBytes === null) return "none";
  const known = BOUNDS.find((bound) => bound === maxBytes);
  return known ? `${known}` : "own";
}

/** The bound in bytes, null for none; undefined where what is typed (megabytes) is none that the server takes. */
export function boundOf(choice: BoundChoice, text: string): number | null | undefined {
  if (choice === "none") return null;
  if (choice !== "own") return Number(choice);
  const bytes = Math.round((parseMeasure(text) ?? 0) * 1_000_000);
  return bytes >= LEAST && bytes <= MOST ? bytes : undefined;
}
