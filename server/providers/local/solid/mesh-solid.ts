import { type Mesh, marchTetrahedra } from "./marching-tetrahedra.ts";
import { fillColumn, type Solid } from "./solid.ts";

/** Surface of the solid; z is zero in the middle plane. */
export function meshSolid(solid: Solid): Mesh {
  const half = Math.ceil(solid.reach) + 2;
  const depths = Float32Array.from({ length: 2 * half + 1 }, (_, k) => k - half);
  const mesh = marchTetrahedra(solid.width, solid.height, depths.length, (y, out) => {
    for (let x = 0; x < solid.width; x++) {
      const column = out.subarray(x * depths.length, (x + 1) * depths.length);
      fillColumn(solid, x, y, depths, column);
    }
  });
  for (let i = 2; i < mesh.positions.length; i += 3) mesh.positions[i] -= half;
  return mesh;
}
