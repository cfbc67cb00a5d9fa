import { group, tube, turned } from "./shapes.ts";
import { bands, blots, glossy, matte } from "./surfaces.ts";

const cupProfile = [
  [0, 0.004],
  [0.03, 0.004],
  [0.036, 0.008],
  [0.039, 0.04],
  [0.041, 0.088],
  [0.0425, 0.095],
  [0.0405, 0.095],
  [0.0385, 0.086],
  [0.036, 0.03],
  [0.03, 0.012],
  [0, 0.012],
] as const;

const handle = [
  [0.036, 0.078, 0],
  [0.056, 0.082, 0],
  [0.07, 0.066, 0],
  [0.068, 0.044, 0],
  [0.054, 0.026, 0],
  [0.036, 0.024, 0],
] as const;

function cupOf(material: ReturnType<typeof glossy>) {
  return group(turned(cupProfile, material), tube(handle, 0.0065, material));
}

export const cup = () => cupOf(glossy("#f3f1ec"));

export const mug = () => cupOf(glossy(bands(["#e8e2d4", "#c8443c", "#e8e2d4", "#c8443c", "#2b4a7a"])));

export function bottle() {
  const glass = glossy("#1f5c3a");
  const label = matte(bands(["#efe6cf", "#8f2a2a", "#efe6cf", "#efe6cf", "#d5b25a"]));
  const cap = matte("#b8912f", 0.4);
  return group(
    turned(
      [
        [0, 0],
        [0.034, 0],
        [0.037, 0.006],
        [0.037, 0.1],
        [0.037, 0.17],
        [0.033, 0.195],
        [0.017, 0.225],
        [0.0135, 0.25],
        [0.0135, 0.285],
      ],
      glass,
    ),
    turned(
      [
        [0.0375, 0.05],
        [0.0375, 0.13],
      ],
      label,
      false,
    ),
    turned(
      [
        [0, 0.3],
        [0.0145, 0.3],
        [0.0155, 0.296],
        [0.0155, 0.272],
      ],
      cap,
      false,
    ),
  );
}

export function vase() {
  const clay = matte(blots("#b5623d", "#e0a070", 300, 1), 0.55);
  return group(
    turned(
      [
        [0, 0],
        [0.05, 0],
        [0.06, 0.01],
        [0.1, 0.1],
        [0.098, 0.17],
        [0.05, 0.25],
        [0.042, 0.29],
        [0.06, 0.32],
        [0.055, 0.32],
        [0.036, 0.29],
        [0, 0.27],
      ],
      clay,
    ),
  );
}

export function teapot() {
  const china = glossy(blots("#e9eef2", "#4b6ea8", 70, 2));
  const rim = glossy("#3c5c96");
  const spout = [
    [0.075, 0.05, 0],
    [0.115, 0.062, 0],
    [0.128, 0.1, 0],
    [0.15, 0.128, 0],
  ] as const;
  const grip = [
    [-0.07, 0.118, 0],
    [-0.115, 0.13, 0],
    [-0.138, 0.1, 0],
    [-0.122, 0.062, 0],
    [-0.08, 0.04, 0],
  ] as const;
  return group(
    turned(
      [
        [0, 0],
        [0.055, 0],
        [0.058, 0.006],
        [0.092, 0.05],
        [0.094, 0.08],
        [0.07, 0.125],
        [0.05, 0.135],
        [0, 0.136],
      ],
      china,
    ),
    turned(
      [
        [0.05, 0.134],
        [0.036, 0.148],
        [0.008, 0.154],
        [0.006, 0.162],
        [0.014, 0.172],
        [0, 0.18],
      ],
      rim,
    ),
    tube(spout, 0.0145, china),
    tube(grip, 0.009, rim),
  );
}
