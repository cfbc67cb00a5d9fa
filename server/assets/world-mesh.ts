import type { Accessor, Document, Material, Node, Primitive, vec3 } from "@gltf-transform/core";
import { convertPrimitiveToTriangles } from "@gltf-transform/functions";
import { mainScene } from "./glb-document.ts";
import { GlbProblem } from "./glb-problem.ts";
import { determinant3, transformNormal, transformPoint, vertexMatrices } from "./skinning.ts";
import type { Box, Placement } from "./true-size.ts";

const TRIANGLES = 4;
const TRIANGLE_FAN = 6;
const MAX_TRIANGLES = 10_000_000;
const MAX_VERTICES = 10_000_000;
/** Beyond these a length is a mistake: no photo shows a microbe or a continent. */
const MIN_EXTENT_METRES = 1e-6;
const MAX_EXTENT_METRES = 1e6;

/** One primitive as it stands in the scene. Lengths are metres, three indices make a triangle. */
export interface WorldPart {
  positions: Float32Array;
  /** Unit length; null where the surface is meant to be flat. */
  normals: Float32Array | null;
  primitive: Primitive;
  indices: Uint32Array;
  material: Material | null;
}

/** Turns strips and fans into plain triangles, so that everything after sees one kind. */
export function unrollTriangles(document: Document): void {
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      if (primitive.getMode() > TRIANGLES && primitive.getMode() <= TRIANGLE_FAN) {
        convertPrimitiveToTriangles(primitive);
      }
    }
  }
}

function listInstances(document: Document): { node: Node; primitive: Primitive; position: Accessor }[] {
  const instances: { node: Node; primitive: Primitive; position: Accessor }[] = [];
  let triangles = 0;
  let vertices = 0;
  mainScene(document).traverse((node) => {
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      const position = primitive.getAttribute("POSITION");
      if (!position || primitive.getMode() !== TRIANGLES) continue;
      triangles += (primitive.getIndices() ?? position).getCount() / 3;
      vertices += position.getCount();
      instances.push({ node, primitive, position });
    }
  });
  if (triangles < 1) {
    throw new GlbProblem({ en: "The model has no faces.", ru: "В модели нет граней." });
  }
  if (triangles > MAX_TRIANGLES || vertices > MAX_VERTICES) {
    throw new GlbProblem({
      en: "The model has more than 10 million triangles.",
      ru: "В модели больше 10 миллионов треугольников.",
    });
  }
  return instances;
}

function readIndices(primitive: Primitive, count: number, isMirrored: boolean): Uint32Array {
  const source = primitive.getIndices()?.getArray();
  const indices = source
    ? Uint32Array.from(source)
    : Uint32Array.from({ length: count }, (_, index) => index);
  const whole = indices.subarray(0, indices.length - (indices.length % 3));
  if (isMirrored) {
    for (let at = 0; at < whole.length; at += 3) [whole[at], whole[at + 1]] = [whole[at + 1], whole[at]];
  }
  return whole;
}

function readPart(node: Node, primitive: Primitive, position: Accessor): WorldPart {
  const count = position.getCount();
  const matrixOf = vertexMatrices(node, primitive);
  const normal = primitive.getAttribute("NORMAL");
  const positions = new Float32Array(count * 3);
  const normals = normal ? new Float32Array(count * 3) : null;
  const source: vec3 = [0, 0, 0];
  const target: vec3 = [0, 0, 0];
  for (let vertex = 0; vertex < count; vertex++) {
    const matrix = matrixOf(vertex);
    transformPoint(matrix, position.getElement(vertex, source), target);
    positions.set(target, vertex * 3);
    if (!normal || !normals) continue;
    transformNormal(matrix, normal.getElement(vertex, source), target);
    normals.set(target, vertex * 3);
  }
  const indices = readIndices(primitive, count, determinant3(matrixOf(0)) < 0);
  return { positions, normals, primitive, indices, material: primitive.getMaterial() };
}

/**
 * Every triangle of the scene in scene coordinates; skins stand as their joints do at rest.
 * @throws GlbProblem where there is nothing, or too much
 */
export function readWorldParts(document: Document): WorldPart[] {
  return listInstances(document).map(({ node, primitive, position }) => readPart(node, primitive, position));
}

/** The smallest box around all triangles. @throws GlbProblem where it has no size, or an absurd one */
export function boundingBox(parts: WorldPart[]): Box {
  const min: vec3 = [Infinity, Infinity, Infinity];
  const max: vec3 = [-Infinity, -Infinity, -Infinity];
  for (const { positions, indices } of parts) {
    for (const index of indices) {
      for (let axis = 0; axis < 3; axis++) {
        const value = positions[index * 3 + axis];
        if (value < min[axis]) min[axis] = value;
        if (value > max[axis]) max[axis] = value;
      }
    }
  }
  const extent = Math.max(...max.map((value, axis) => value - min[axis]));
  if (!Number.isFinite(extent) || extent < MIN_EXTENT_METRES) {
    throw new GlbProblem({ en: "The model has no extent.", ru: "Модель не имеет размеров." });
  }
  if (extent > MAX_EXTENT_METRES) {
    throw new GlbProblem({
      en: "The model is more than 1000 km large.",
      ru: "Модель больше 1000 км.",
    });
  }
  return { min, max };
}

/** Moves parts that were read before a placement was baked to where they are after it. */
export function placeParts(parts: WorldPart[], { scale, offset }: Placement): void {
  for (const { positions, normals } of parts) {
    for (let at = 0; at < positions.length; at++)
      positions[at] = positions[at] * scale[at % 3] + offset[at % 3];
    if (!normals) continue;
    for (let at = 0; at < normals.length; at += 3) {
      const turned = [normals[at] / scale[0], normals[at + 1] / scale[1], normals[at + 2] / scale[2]];
      const length = Math.hypot(...turned) || 1;
      for (let axis = 0; axis < 3; axis++) normals[at + axis] = turned[axis] / length;
    }
  }
}
