import type { mat4, Node, Primitive, vec3 } from "@gltf-transform/core";

type Matrix = ArrayLike<number>;

/** Column-major product of two 4 × 4 matrices. */
function multiply(a: Matrix, b: Matrix): number[] {
  const product = new Array<number>(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let value = 0;
      for (let k = 0; k < 4; k++) value += a[k * 4 + row] * b[column * 4 + k];
      product[column * 4 + row] = value;
    }
  }
  return product;
}

const IDENTITY: mat4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * Matrices that carry the vertices of a node's primitive into the scene: one for all, or for a skinned mesh one per
 * vertex, blended from its joints (glTF 2.0 specification, section 3.7.3).
 */
export function vertexMatrices(node: Node, primitive: Primitive): (vertex: number) => Matrix {
  const skin = node.getSkin();
  const joints = primitive.getAttribute("JOINTS_0");
  const weights = primitive.getAttribute("WEIGHTS_0");
  if (!skin || !joints || !weights) {
    const world = node.getWorldMatrix();
    return () => world;
  }
  const inverse = skin.getInverseBindMatrices();
  const jointMatrices = skin
    .listJoints()
    .map((joint, index) =>
      multiply(joint.getWorldMatrix(), inverse ? inverse.getElement(index, new Array(16)) : IDENTITY),
    );
  const joint = [0, 0, 0, 0];
  const weight = [0, 0, 0, 0];
  const blended = new Float64Array(16);
  return (vertex) => {
    joints.getElement(vertex, joint);
    weights.getElement(vertex, weight);
    blended.fill(0);
    for (let k = 0; k < 4; k++) {
      const matrix = jointMatrices[joint[k]];
      if (weight[k] > 0 && matrix) for (let i = 0; i < 16; i++) blended[i] += weight[k] * matrix[i];
    }
    return blended;
  };
}

export function determinant3(matrix: Matrix): number {
  const [a, b, c] = [matrix[0], matrix[1], matrix[2]];
  const [d, e, f] = [matrix[4], matrix[5], matrix[6]];
  const [g, h, i] = [matrix[8], matrix[9], matrix[10]];
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e);
}

export function transformPoint(matrix: Matrix, point: ArrayLike<number>, target: vec3): void {
  for (let axis = 0; axis < 3; axis++) {
    target[axis] =
      matrix[axis] * point[0] + matrix[4 + axis] * point[1] + matrix[8 + axis] * point[2] + matrix[12 + axis];
  }
}

/** Turns a normal by the inverse transpose, here as the cofactor matrix with the determinant's sign. */
export function transformNormal(m: Matrix, normal: ArrayLike<number>, target: vec3): void {
  const sign = determinant3(m) < 0 ? -1 : 1;
  const [x, y, z] = [normal[0] * sign, normal[1] * sign, normal[2] * sign];
  target[0] =
    (m[5] * m[10] - m[9] * m[6]) * x + (m[9] * m[2] - m[1] * m[10]) * y + (m[1] * m[6] - m[5] * m[2]) * z;
  target[1] =
    (m[8] * m[6] - m[4] * m[10]) * x + (m[0] * m[10] - m[8] * m[2]) * y + (m[4] * m[2] - m[0] * m[6]) * z;
  target[2] =
    (m[4] * m[9] - m[8] * m[5]) * x + (m[8] * m[1] - m[0] * m[9]) * y + (m[0] * m[5] - m[4] * m[1]) * z;
  const length = Math.hypot(target[0], target[1], target[2]) || 1;
  for (let axis = 0; axis < 3; axis++) target[axis] /= length;
}
