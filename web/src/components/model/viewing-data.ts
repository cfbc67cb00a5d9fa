import type { Model } from "../../../../server/contract/model.ts";
import type { Hotspot, Viewpoint } from "../../../../server/contract/viewing.ts";

const NONE: readonly Hotspot[] = [];

/** The notes that the model's metadata keeps; what somebody else may have put there is left out. */
export function hotspotsOf({ metadata }: Pick<Model, "metadata">): readonly Hotspot[] {
  const { hotspots } = metadata;
  if (!Array.isArray(hotspots)) return NONE;
  const isVector = (value: unknown) =>
    Array.isArray(value) && value.length === 3 && value.every((part) => Number.isFinite(part));
  return hotspots.filter(
    (note) =>
      typeof note?.id === "string" &&
      typeof note.text === "string" &&
      isVector(note.position) &&
      isVector(note.normal),
  );
}

/** Where the photo was taken from, if somebody kept that. */
export function viewpointOf({ metadata }: Pick<Model, "metadata">): Viewpoint | undefined {
  const viewpoint = metadata.viewpoint as Partial<Viewpoint> | undefined;
  const isGiven =
    Array.isArray(viewpoint?.direction) && Array.isArray(viewpoint.centre) && Number(viewpoint.height) > 0;
  return isGiven ? (viewpoint as Viewpoint) : undefined;
}
