import type { Model } from "../../../../server/contract/model.ts";
import { formatSize } from "../../viewer/length-format.ts";
import { inMetres } from "./true-size.ts";

/** Length × width × height for people; with "≈" where nobody measured the object. */
export function shownSize({ dimensions, localReport }: Model, language: string): string {
  const { length, width, height } = inMetres(dimensions);
  const size = formatSize([length, width, height], dimensions.unit, language);
  return localReport?.scaleAssumed ? `≈ ${size}` : size;
}
