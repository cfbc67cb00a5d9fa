import * as THREE from "three";
import { ball, block, group, leaf, loft, rod, turned } from "./shapes.ts";
import { blots, createRandom, glossy, matte, parcel, weave } from "./surfaces.ts";

export function shoe() {
  const upper = matte(weave("#c23b2e", 0.04, 3));
  const white = matte("#f2f0ea", 0.6);
  const dark = matte("#26252b");
  const rings = Array.from({ length: 40 }, (_, k) => {
    const t = k / 39;
    const end = Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 14));
    const instep = 0.034 + 0.056 / (1 + Math.exp((t - 0.42) * 16));
    const height = instep * end * (t > 0.8 ? 1 - 0.25 * (t - 0.8) * 5 : 1);
    return {
      x: -0.14 + 0.28 * t,
      y: 0.03 + height * 0.55,
      height: height * 0.62,
      width: (0.036 + 0.012 * Math.sin(3 * t)) * end,
    };
  });
  const sole = Array.from({ length: 40 }, (_, k) => {
    const t = k / 39;
    const end = Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 16));
    return {
      x: -0.148 + 0.297 * t,
      y: 0.018 + 0.006 * t ** 4,
      height: 0.018 * end,
      width: (0.042 + 0.012 * Math.sin(3 * t)) * end,
    };
  });
  const laces = Array.from({ length: 5 }, (_, k) => {
    const x = -0.01 + k * 0.018;
    return rod([x, 0.096 - k * 0.0085, 0.028], [x + 0.004, 0.102 - k * 0.0085, -0.028], 0.0028, white);
  });
  return group(
    loft(rings, upper),
    loft(sole, white),
    ball([0.045, 0.012, 0.03], [-0.082, 0.112, 0], dark),
    ...laces,
    block([0.05, 0.012, 0.004], [0.0, 0.055, 0.047], white, 0.002),
  );
}

export const box = () => group(block([0.4, 0.28, 0.3], [0, 0.14, 0], matte(parcel()), 0.004));

export function plant() {
  const random = createRandom(77);
  const pot = matte("#e9e4da", 0.5);
  const soil = matte("#3b2b20");
  const greens = ["#2f6b34", "#3f8340", "#56994a"].map((colour) => {
    const material = matte(colour, 0.55);
    material.side = THREE.DoubleSide;
    return material;
  });
  const leaves = Array.from({ length: 17 }, (_, k) =>
    leaf(
      0.26 + 0.14 * random(),
      0.05 + 0.02 * random(),
      0.5 + 1.1 * random(),
      greens[k % 3],
      (k * 2.4) % (2 * Math.PI),
      [0.02 * Math.sin(k), 0.15, 0.02 * Math.cos(k)],
    ),
  );
  return group(
    turned(
      [
        [0, 0],
        [0.062, 0],
        [0.085, 0.15],
        [0.09, 0.16],
        [0.08, 0.16],
        [0.076, 0.15],
        [0, 0.149],
      ],
      pot,
      false,
    ),
    turned(
      [
        [0, 0.15],
        [0.078, 0.15],
      ],
      soil,
      false,
    ),
    ...leaves,
  );
}

export function dog() {
  const fur = matte(blots("#9a6a3c", "#f0e2c8", 60, 1), 0.95);
  const dark = matte("#2a2019");
  const legs = [-0.2, 0.17].flatMap((x) =>
    [-0.065, 0.065].map((z) =>
      group(
        rod([x + z * 0.3, 0.03, z], [x + z * 0.15, 0.26, z], 0.032, fur),
        ball([0.045, 0.025, 0.034], [x + z * 0.3 + 0.015, 0.025, z], fur),
      ),
    ),
  );
  return group(
    loft(
      Array.from({ length: 30 }, (_, k) => {
        const t = k / 29;
        const end = Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 4));
        return {
          x: -0.28 + 0.52 * t,
          y: 0.34 + 0.03 * t,
          height: (0.09 + 0.04 * t) * end,
          width: (0.085 + 0.02 * t) * end,
        };
      }),
      fur,
    ),
    rod([0.2, 0.42, 0], [0.3, 0.54, 0], 0.065, fur),
    ball([0.1, 0.085, 0.08], [0.34, 0.58, 0], fur),
    rod([0.38, 0.56, 0], [0.45, 0.545, 0], 0.04, fur),
    ball([0.016, 0.014, 0.018], [0.49, 0.56, 0], dark),
    ...[-0.045, 0.045].map((z) => ball([0.012, 0.013, 0.008], [0.4, 0.61, z * 1.5], dark)),
    ...[-0.07, 0.07].map((z) => ball([0.035, 0.065, 0.016], [0.29, 0.585, z * 1.1], dark)),
    rod([-0.26, 0.38, 0], [-0.38, 0.54, 0], 0.018, fur),
    ...legs,
  );
}

export function bear() {
  const plush = matte(blots("#a8743f", "#c89458", 500, 1), 1);
  const pale = matte("#e2c79a", 1);
  const dark = glossy("#1c1512");
  const pair = (make: (side: 1 | -1) => THREE.Object3D) => [make(-1), make(1)];
  return group(
    ball([0.1, 0.115, 0.085], [0, 0.14, 0], plush),
    ball([0.065, 0.075, 0.02], [0, 0.14, 0.072], pale),
    ball([0.082, 0.075, 0.072], [0, 0.305, 0.01], plush),
    ball([0.036, 0.028, 0.03], [0, 0.288, 0.076], pale),
    ball([0.012, 0.009, 0.008], [0, 0.298, 0.105], dark),
    ...pair((side) => ball([0.029, 0.029, 0.016], [side * 0.062, 0.365, 0], plush)),
    ...pair((side) => ball([0.009, 0.009, 0.006], [side * 0.03, 0.325, 0.077], dark)),
    ...pair((side) => rod([side * 0.085, 0.21, 0.01], [side * 0.145, 0.13, 0.04], 0.032, plush)),
    ...pair((side) => rod([side * 0.055, 0.06, 0.03], [side * 0.085, 0.042, 0.12], 0.04, plush)),
    ...pair((side) => ball([0.03, 0.03, 0.008], [side * 0.086, 0.042, 0.16], pale)),
  );
}

export function car() {
  const red = glossy("#d23a2c");
  const glass = glossy("#3c4c5c");
  const tyre = matte("#232326");
  const hub = glossy("#d8d8d4");
  const wheels = [-0.075, 0.075].flatMap((x) =>
    [-0.05, 0.05].map((z) => {
      const wheel = group(
        new THREE.Mesh(new THREE.CylinderGeometry(0.028, 0.028, 0.022, 40), tyre),
        new THREE.Mesh(new THREE.CylinderGeometry(0.014, 0.014, 0.025, 30), hub),
      );
      wheel.rotation.x = Math.PI / 2;
      wheel.position.set(x, 0.028, z);
      return wheel;
    }),
  );
  return group(
    block([0.25, 0.045, 0.1], [0, 0.05, 0], red, 0.018),
    block([0.13, 0.045, 0.088], [-0.015, 0.09, 0], glass, 0.018),
    block([0.11, 0.01, 0.08], [-0.015, 0.112, 0], red, 0.005),
    ...[-0.032, 0.032].map((z) => ball([0.008, 0.009, 0.011], [0.122, 0.055, z], hub)),
    ...wheels,
  );
}
