import { type Box, boxCentre, boxSize, type Vec3 } from "./box.ts";

export type DimensionName = "length" | "width" | "height";

/** One measured edge: its ends, where its label stands, and the extent in metres. */
export type DimensionLine = { name: DimensionName; from: Vec3; to: Vec3; label: Vec3; metres: number };

/** How far outside the box the lines stand, as a part of its longest side. */
const OFFSET = 0.06;

/**
 * The three extents as lines beside the box, on the sides that face the eye: length along X, width along Z,
 * height along Y on the corner that is seen from the side.
 */
export function dimensionLines(box: Box, eye: Vec3): DimensionLine[] {
  const [length, height, width] = boxSize(box);
  const centre = boxCentre(box);
  const gap = Math.max(length, height, width) * OFFSET;
  const toRight = eye[0] >= centre[0];
  const toFront = eye[2] >= centre[2];
  const y = box.min[1];
  const x = toRight ? box.max[0] + gap : box.min[0] - gap;
  const z = toFront ? box.max[2] + gap : box.min[2] - gap;
  const heightAtX = Math.abs(eye[0] - centre[0]) < Math.abs(eye[2] - centre[2]);
  const column: readonly [number, number] = heightAtX
    ? [toRight ? box.min[0] - gap : box.max[0] + gap, toFront ? box.max[2] : box.min[2]]
    : [toRight ? box.max[0] : box.min[0], toFront ? box.min[2] - gap : box.max[2] + gap];
  return [
    {
      name: "length",
      from: [box.min[0], y, z],
      to: [box.max[0], y, z],
      label: [centre[0], y, z],
      metres: length,
    },
    {
      name: "width",
      from: [x, y, box.min[2]],
      to: [x, y, box.max[2]],
      label: [x, y, centre[2]],
      metres: width,
    },
    {
      name: "height",
      from: [column[0], y, column[1]],
      to: [column[0], box.max[1], column[1]],
      label: [column[0], centre[1], column[1]],
      metres: height,
    },
  ];
}
