import { MeshoptDecoder } from "meshoptimizer/decoder";
import { type BufferAttribute, type Group, Mesh, SkinnedMesh, Vector3 } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { alterGlb } from "./make-glb.ts";

export interface ThreeGlb {
  scene: Group;
  animations: number;
  meshes: Mesh[];
  /** Nine numbers a triangle, metres, skins at rest. */
  corners: Float32Array;
  /** Extents of all corners: length, height, width. */
  extents: number[];
  low: number[];
  high: number[];
}

/** Pictures, which Node can't decode for three, are left out. */
const withoutPictures = (glb: Uint8Array) =>
  alterGlb(Buffer.from(glb), (json) => {
    json.materials = (json.materials ?? []).map(({ name }: { name?: string }) => ({ name }));
    json.textures = json.images = undefined;
    for (const list of ["extensionsUsed", "extensionsRequired"]) {
      json[list] = json[list]?.filter((name: string) => /mesh|animation/.test(name));
    }
  });

/** Reads a GLB with three's loader, which shares no code with the product's writer. */
export async function readWithThree(glb: Uint8Array): Promise<ThreeGlb> {
  const { scene, animations } = await new GLTFLoader()
    .setMeshoptDecoder(MeshoptDecoder)
    .parseAsync(Uint8Array.from(withoutPictures(glb)).buffer, "");
  scene.updateMatrixWorld(true);
  const meshes: Mesh[] = [];
  const corners: number[] = [];
  const corner = new Vector3();
  scene.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    meshes.push(part);
    if (part instanceof SkinnedMesh) part.skeleton.update();
    const index = part.geometry.index as BufferAttribute | null;
    const count = index?.count ?? part.geometry.getAttribute("position").count;
    for (let at = 0; at < count; at++) {
      part.getVertexPosition(index ? index.getX(at) : at, corner).applyMatrix4(part.matrixWorld);
      corners.push(corner.x, corner.y, corner.z);
    }
  });
  const low = [0, 1, 2].map((axis) =>
    corners.reduce((least, value, at) => (at % 3 === axis ? Math.min(least, value) : least), Infinity),
  );
  const high = [0, 1, 2].map((axis) =>
    corners.reduce((most, value, at) => (at % 3 === axis ? Math.max(most, value) : most), -Infinity),
  );
  return {
    scene,
    animations: animations.length,
    meshes,
    corners: Float32Array.from(corners),
    extents: high.map((value, axis) => value - low[axis]),
    low,
    high,
  };
}
