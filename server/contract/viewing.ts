import { z } from "zod";
import { Text } from "./common.ts";

/** Within reach of the model; finite, so that a page can draw it. */
const Nearby = z.number().min(-10).max(10);
const NearbyVector = z.tuple([Nearby, Nearby, Nearby]);

const MAX_HOTSPOTS = 50;
const MAX_NOTE_LETTERS = 500;

/**
 * A note at a place of the surface. `position` goes from 0 at the bounding box's least corner to 1 at its greatest,
 * so that it stays in place when the size changes; `normal` points away from the surface.
 */
const Hotspot = z
  .strictObject({
    id: z.string().regex(/^[\w-]{1,36}$/),
    position: NearbyVector,
    normal: NearbyVector,
    text: Text.min(1).max(MAX_NOTE_LETTERS),
  })
  .meta({ id: "Hotspot" });
export type Hotspot = z.infer<typeof Hotspot>;

export const Hotspots = z
  .array(Hotspot)
  .max(MAX_HOTSPOTS)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "Each note needs its own id.");

/**
 * Where the photo was taken from: `direction` from the model's centre to the camera; `centre` of the model in the
 * photo and its `height`, as shares of the photo's width and height.
 */
export const Viewpoint = z
  .strictObject({
    direction: NearbyVector.refine((vector) => Math.hypot(...vector) > 0.001, "A direction has a length."),
    centre: z.tuple([Nearby, Nearby]),
    height: z.number().min(0.001).max(100),
  })
  .meta({ id: "Viewpoint" });
export type Viewpoint = z.infer<typeof Viewpoint>;
