import { type Box, boxCentre, boxSize, type Vec3 } from "./box.ts";

/** Well-known things that stand beside the model for comparison. */
export const FIGURES = ["none", "person", "door"] as const;
export type Figure = (typeof FIGURES)[number];

export const DOOR_METRES = { width: 0.9, height: 2 };
export const PERSON_METRES = { usual: 1.75, least: 0.8, most: 2.1 };

/** Half of a standing person from the crown to between the legs: to the right and up, as shares of the height. */
const HALF_PERSON: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.03, 0.99],
  [0.043, 0.955],
  [0.041, 0.92],
  [0.028, 0.883],
  [0.025, 0.858],
  [0.055, 0.838],
  [0.105, 0.818],
  [0.128, 0.782],
  [0.138, 0.7],
  [0.147, 0.6],
  [0.153, 0.5],
  [0.152, 0.43],
  [0.14, 0.405],
  [0.128, 0.43],
  [0.125, 0.5],
  [0.117, 0.6],
  [0.103, 0.705],
  [0.09, 0.62],
  [0.096, 0.53],
  [0.1, 0.46],
  [0.092, 0.36],
  [0.078, 0.26],
  [0.073, 0.19],
  [0.058, 0.075],
  [0.064, 0.03],
  [0.072, 0.008],
  [0.06, 0],
  [0.03, 0],
  [0.02, 0.012],
  [0.022, 0.07],
  [0.024, 0.18],
  [0.02, 0.27],
  [0.014, 0.37],
  [0, 0.445],
];

/** The whole outline of a person, clockwise from the crown, in metres; the feet are at 0. */
export function personOutline(heightMetres: number): [number, number][] {
  const right = HALF_PERSON.map(([x, y]): [number, number] => [x * heightMetres, y * heightMetres]);
  const left = right.slice(1, -1).reverse();
  return [...right, ...left.map(([x, y]): [number, number] => [-x, y])];
}

/** Width and height in metres of a figure. */
export function figureSize(figure: Exclude<Figure, "none">, personMetres: number) {
  if (figure === "door") return DOOR_METRES;
  return { width: personMetres * 0.306, height: personMetres };
}

/** Where the figure's feet stand: to the right of the model, on its floor, with air between. */
export function figurePlace(box: Box, figureWidth: number): Vec3 {
  const gap = Math.max(figureWidth * 0.25, boxSize(box)[0] * 0.08);
  return [box.max[0] + gap + figureWidth / 2, box.min[1], boxCentre(box)[2]];
}

/** The box around model and figure with room for the figure's label above it, for the camera. */
export function withFigure(box: Box, figure: Figure, personMetres: number): Box {
  if (figure === "none") return box;
  const { width, height } = figureSize(figure, personMetres);
  const [x, y] = figurePlace(box, width);
  return {
    min: box.min,
    max: [x + width / 2, Math.max(box.max[1], y + height * 1.12), box.max[2]],
  };
}
