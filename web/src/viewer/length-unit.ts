import { createStore } from "../hooks/store.ts";
import { LENGTH_UNIT_NAMES, type LengthUnit } from "./length-format.ts";

const KEY = "photo-to-3d.unit";

function stored(): LengthUnit | null {
  try {
    return LENGTH_UNIT_NAMES.find((unit) => unit === localStorage.getItem(KEY)) ?? null;
  } catch {
    return null;
  }
}

/** The unit that the visitor chose for lengths; null until then. */
export const chosenUnit = createStore<LengthUnit | null>(stored());

/** Takes a unit for all models, kept where the browser allows. */
export function chooseUnit(unit: LengthUnit): void {
  chosenUnit.update(() => unit);
  try {
    localStorage.setItem(KEY, unit);
  } catch {
    // Storage is blocked or full: the choice lasts until the page is closed.
  }
}
