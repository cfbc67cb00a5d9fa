import type { Viewpoint } from "../../../server/contract/viewing.ts";
import { type Box, boxCentre, boxSize } from "./box.ts";
import type { CameraPose } from "./camera-fit.ts";
import { add, cameraAxes, dot, scale, subtract } from "./vector.ts";

/** Nearly parallel, as things are photographed from afar; also how the built-in generator takes photos. */
export const PHOTO_FIELD_OF_VIEW_DEGREES = 10;

/** A place in pixels of the stage, or in shares of a photo; Y down. */
export type Rect = { x: number; y: number; width: number; height: number };
export type Extent = { width: number; height: number };

const TAN = Math.tan((PHOTO_FIELD_OF_VIEW_DEGREES * Math.PI) / 360);

/** The largest place for a photo inside the stage, in the middle of it. */
export function containRect(photo: Extent, stage: Extent): Rect {
  const factor = Math.min(stage.width / photo.width, stage.height / photo.height);
  const width = photo.width * factor;
  const height = photo.height * factor;
  return { x: (stage.width - width) / 2, y: (stage.height - height) / 2, width, height };
}

/**
 * The view from the front in which the model covers the object of the photo: `object` is its place in shares of the
 * photo, `photo` the photo's size in pixels. The longer side of the model decides, it is measured best.
 */
export function frontViewpoint(object: Rect, photo: Extent, box: Box): Viewpoint {
  const [width, height] = boxSize(box).map((value) => Math.max(value, 1e-6));
  const byWidth = ((object.width * photo.width) / width) * (height / photo.height);
  return {
    direction: [0, 0, 1],
    centre: [object.x + object.width / 2, object.y + object.height / 2],
    height: width > height ? byWidth : object.height,
  };
}

/** The camera that shows the model where the photo, drawn at `photo` in pixels of the stage, shows it. */
export function poseOf(viewpoint: Viewpoint, box: Box, photo: Rect, stage: Extent): CameraPose {
  const { right, up, back } = cameraAxes(viewpoint.direction);
  const pixelsPerMetre = (viewpoint.height * photo.height) / Math.max(boxSize(box)[1], 1e-6);
  const rightwards = (photo.x + viewpoint.centre[0] * photo.width - stage.width / 2) / pixelsPerMetre;
  const downwards = (photo.y + viewpoint.centre[1] * photo.height - stage.height / 2) / pixelsPerMetre;
  const target = add(boxCentre(box), add(scale(right, -rightwards), scale(up, downwards)));
  const distance = stage.height / pixelsPerMetre / (2 * TAN);
  return { position: add(target, scale(back, distance)), target };
}

/** The viewpoint of a camera that somebody moved until model and photo agreed; the way back of `poseOf`. */
export function viewpointOf(pose: CameraPose, box: Box, photo: Rect, stage: Extent): Viewpoint {
  const { right, up, back } = cameraAxes(subtract(pose.position, pose.target));
  const fromEye = subtract(boxCentre(box), pose.position);
  const pixelsPerMetre = stage.height / (2 * TAN * Math.max(-dot(fromEye, back), 1e-6));
  const x = stage.width / 2 + dot(fromEye, right) * pixelsPerMetre;
  const y = stage.height / 2 - dot(fromEye, up) * pixelsPerMetre;
  return {
    direction: [...back] as Viewpoint["direction"],
    centre: [(x - photo.x) / photo.width, (y - photo.y) / photo.height],
    height: (boxSize(box)[1] * pixelsPerMetre) / photo.height,
  };
}
