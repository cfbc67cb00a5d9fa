import { Matrix4, type Object3D, Vector3 } from "three";

/** Steeper than this, a surface is a wall: nothing stands on it. */
const LEVEL = Math.cos(Math.PI / 6);

/** Where a ray met a surface, if a thing can stand there; `pose` is column-major, metres. */
export function standingPoint(pose: Float32Array | number[]): Vector3 | null {
  const matrix = new Matrix4().fromArray(pose);
  const up = new Vector3().setFromMatrixColumn(matrix, 1);
  return up.y >= LEVEL ? new Vector3().setFromMatrixPosition(matrix) : null;
}

/** Stands the model there at its true size, its front to the viewer. */
export function stand(model: Object3D, point: Vector3, viewer: Vector3): void {
  model.position.copy(point);
  model.rotation.set(0, Math.atan2(viewer.x - point.x, viewer.z - point.z), 0);
  model.scale.setScalar(1);
}
