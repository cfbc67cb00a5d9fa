import { ball, block, group, rod, turned } from "./shapes.ts";
import { glossy, matte, weave, wood } from "./surfaces.ts";

export function sofa() {
  const cloth = matte(weave("#3f6b73"));
  const pale = matte(weave("#cfa94e"));
  const dark = matte("#3a2a1d", 0.5);
  const legs = [-0.92, 0.92].flatMap((x) =>
    [-0.32, 0.34].map((z) => rod([x, 0.02, z], [x, 0.14, z], 0.025, dark)),
  );
  return group(
    block([2.05, 0.24, 0.86], [0, 0.27, 0], cloth, 0.05),
    block([2.05, 0.5, 0.22], [0, 0.6, -0.34], cloth, 0.08),
    ...[-1, 1].map((side) => block([0.22, 0.46, 0.88], [side * 0.99, 0.38, 0], cloth, 0.08)),
    ...[-0.44, 0.44].map((x) => block([0.86, 0.17, 0.66], [x, 0.45, 0.08], cloth, 0.06)),
    block([0.4, 0.36, 0.14], [-0.66, 0.66, -0.12], pale, 0.07),
    ...legs,
  );
}

export function chair() {
  const oak = matte(wood("#a9753f", 1), 0.6);
  const seat = matte(weave("#8b3a34"));
  const legs = [-0.2, 0.2].flatMap((x) => [
    rod([x * 1.1, 0.015, 0.22], [x, 0.45, 0.19], 0.016, oak),
    rod([x * 1.1, 0.015, -0.24], [x, 0.45, -0.19], 0.016, oak),
    rod([x, 0.45, -0.19], [x, 0.9, -0.27], 0.016, oak),
  ]);
  const slats = [0.62, 0.74, 0.87].map((y) =>
    block([0.42, 0.05, 0.018], [0, y, -0.19 - (y - 0.45) * 0.18], oak, 0.008),
  );
  return group(
    block([0.46, 0.05, 0.44], [0, 0.455, 0], seat, 0.02),
    ...legs,
    ...slats,
    rod([-0.21, 0.2, 0.2], [-0.21, 0.2, -0.21], 0.011, oak),
    rod([0.21, 0.2, 0.2], [0.21, 0.2, -0.21], 0.011, oak),
  );
}

export function table() {
  const top = matte(wood("#c79a63", 6), 0.5);
  const legs = matte("#2b2d30", 0.4);
  return group(
    block([1.3, 0.04, 0.75], [0, 0.73, 0], top, 0.012),
    block([1.1, 0.06, 0.55], [0, 0.69, 0], legs, 0.01),
    ...[-0.55, 0.55].flatMap((x) =>
      [-0.27, 0.27].map((z) => rod([x * 1.06, 0.02, z * 1.1], [x, 0.69, z], 0.02, legs)),
    ),
  );
}

export function stool() {
  const seat = matte("#d9c7a8", 0.6);
  const metal = glossy("#31383d");
  const feet = [0.35, 1.92, 3.49, 5.06].map((angle) => [Math.cos(angle), Math.sin(angle)] as const);
  return group(
    turned(
      [
        [0, 0.64],
        [0.17, 0.64],
        [0.185, 0.66],
        [0.17, 0.685],
        [0, 0.69],
      ],
      seat,
    ),
    ...feet.map(([x, z]) => rod([0.21 * x, 0.012, 0.21 * z], [0.13 * x, 0.65, 0.13 * z], 0.012, metal)),
    ...feet.map(([x, z], k) => {
      const [nx, nz] = feet[(k + 1) % feet.length];
      return rod([0.185 * x, 0.2, 0.185 * z], [0.185 * nx, 0.2, 0.185 * nz], 0.008, metal);
    }),
  );
}

export function lamp() {
  const shade = matte(weave("#e8d9b8", 0.03));
  const brass = glossy("#b08a3e");
  return group(
    turned(
      [
        [0.075, 0.42],
        [0.15, 0.22],
      ],
      shade,
      false,
    ),
    ball([0.072, 0.006, 0.072], [0, 0.418, 0], shade),
    turned(
      [
        [0, 0],
        [0.085, 0],
        [0.088, 0.012],
        [0.02, 0.03],
        [0.013, 0.08],
        [0.03, 0.13],
        [0.012, 0.18],
        [0.011, 0.3],
      ],
      brass,
    ),
  );
}
