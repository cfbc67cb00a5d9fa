import type { Document, Node, Scene, vec3 } from "@gltf-transform/core";
import { type Dimensions, type DimensionsInput, METRES_PER_UNIT } from "../contract/common.ts";
import { mainScene } from "./glb-document.ts";

export interface Box {
  min: vec3;
  max: vec3;
}

/** Scales first, then moves; both along the axes of the scene. */
export interface Placement {
  scale: vec3;
  offset: vec3;
}

const AXES = ["length", "height", "width"] as const;
const SIGNIFICANT_DIGITS = 6;

/**
 * How to give a box its true size: extents that were asked for become exact, the others follow by the geometric
 * mean of their scales. The base then stands on y = 0 with its middle at x = z = 0. Without a request the size stays.
 */
export function placementFor(box: Box, request: DimensionsInput | null): Placement {
  const metres = request ? METRES_PER_UNIT[request.unit] : 1;
  const asked = AXES.map((axis, index) => {
    const extent = box.max[index] - box.min[index];
    const wanted = request?.[axis];
    return wanted && extent > 0 ? (wanted * metres) / extent : null;
  });
  const known = asked.filter((scale) => scale !== null);
  const mean = known.length
    ? Math.exp(known.reduce((sum, scale) => sum + Math.log(scale), 0) / known.length)
    : 1;
  const scale = asked.map((value) => value ?? mean) as vec3;
  const middle = (axis: number) => (box.min[axis] + box.max[axis]) / 2;
  return { scale, offset: [-middle(0) * scale[0], -box.min[1] * scale[1], -middle(2) * scale[2]] };
}

/** The box after the placement. */
export function placeBox(box: Box, { scale, offset }: Placement): Box {
  const place = (corner: vec3) => corner.map((value, axis) => value * scale[axis] + offset[axis]) as vec3;
  return { min: place(box.min), max: place(box.max) };
}

/** All three extents of a box, in the unit that was asked for or centimetres. */
export function dimensionsOf(box: Box, request: DimensionsInput | null): Dimensions {
  const unit = request?.unit ?? "cm";
  const [length, height, width] = box.max.map((max, axis) =>
    Number(((max - box.min[axis]) / METRES_PER_UNIT[unit]).toPrecision(SIGNIFICANT_DIGITS)),
  );
  return { length, width, height, unit };
}

/** Whether all that the scene shows hangs on one node that may be scaled and moved along the scene's axes. */
function loneRoot(scene: Scene): Node | null {
  const [root, ...others] = scene.listChildren();
  if (!root || others.length > 0 || root.getSkin() || Object.keys(root.getExtras()).length > 0) return null;
  const isPlain = root.getRotation().every((value, axis) => value === (axis === 3 ? 1 : 0));
  const isOurs = root.listParents().every((parent) => parent === scene || parent.propertyType === "Root");
  return isPlain && isOurs && root.listExtensions().length === 0 ? root : null;
}

/**
 * Places a scene by its root node, a new one where the scene has several or one that turns or moves, so that meshes,
 * joints and movements below it stay untouched.
 */
export function bakePlacement(document: Document, { scale, offset }: Placement): void {
  const isIdentity = scale.every((value) => value === 1) && offset.every((value) => value === 0);
  if (isIdentity) return;
  const scene = mainScene(document);
  const lone = loneRoot(scene);
  if (lone) {
    const translation = lone.getTranslation();
    lone.setScale(lone.getScale().map((value, axis) => value * scale[axis]) as vec3);
    lone.setTranslation(translation.map((value, axis) => value * scale[axis] + offset[axis]) as vec3);
    return;
  }
  const root = document.createNode().setScale(scale).setTranslation(offset);
  for (const child of scene.listChildren()) root.addChild(child);
  scene.addChild(root);
}
