import type { Document, Primitive } from "@gltf-transform/core";
import { compactPrimitive } from "@gltf-transform/functions";
import { MeshoptSimplifier } from "meshoptimizer/simplifier";

const TRIANGLES = 4;
/** How much a unit of a normal, and of a texture's width, counts against a move by the size of the mesh. */
const NORMAL_WEIGHT = 0.5;
const UV_WEIGHT = 1;
const NORMAL_SIZE = 3;
const UV_SIZE = 2;

/** Normals and texture coordinates of each vertex side by side, as the simplifier wants them. */
function readAttributes(primitive: Primitive, count: number) {
  const normal = primitive.getAttribute("NORMAL");
  const uv = primitive.getAttribute("TEXCOORD_0");
  const stride = (normal ? NORMAL_SIZE : 0) + (uv ? UV_SIZE : 0);
  const values = new Float32Array(count * stride);
  const element: number[] = [];
  for (let vertex = 0; vertex < count; vertex++) {
    const at = vertex * stride;
    if (normal) values.set(normal.getElement(vertex, element).slice(0, NORMAL_SIZE), at);
    if (uv) values.set(uv.getElement(vertex, element).slice(0, UV_SIZE), at + stride - UV_SIZE);
  }
  const weights = [
    ...(normal ? new Array<number>(NORMAL_SIZE).fill(NORMAL_WEIGHT) : []),
    ...(uv ? new Array<number>(UV_SIZE).fill(UV_WEIGHT) : []),
  ];
  return { values, stride, weights };
}

function readPositions(primitive: Primitive): Float32Array {
  const position = primitive.getAttribute("POSITION")!;
  const positions = new Float32Array(position.getCount() * 3);
  const element: number[] = [];
  for (let vertex = 0; vertex < position.getCount(); vertex++)
    positions.set(position.getElement(vertex, element), vertex * 3);
  return positions;
}

function simplifyPrimitive(
  document: Document,
  primitive: Primitive,
  ratio: number,
  errorShare: number,
  lockBorder: boolean,
): number {
  const source = primitive.getIndices();
  if (!source || primitive.getMode() !== TRIANGLES || primitive.listTargets().length > 0) return 0;
  const positions = readPositions(primitive);
  const { values, stride, weights } = readAttributes(primitive, positions.length / 3);
  const target = Math.max(1, Math.floor((source.getCount() * ratio) / 3)) * 3;
  const flags: ("LockBorder" | "ErrorClamped")[] = lockBorder ? ["LockBorder"] : [];
  const indices = Uint32Array.from(source.getArray()!);
  const [kept, share] =
    stride > 0
      ? MeshoptSimplifier.simplifyWithAttributes(
          indices,
          positions,
          3,
          values,
          stride,
          weights,
          null,
          target,
          errorShare,
          flags,
        )
      : MeshoptSimplifier.simplify(indices, positions, 3, target, errorShare, flags);
  if (kept.length === 0 || kept.length >= indices.length) return 0;
  primitive.setIndices(
    document.createAccessor().setType("SCALAR").setArray(new Uint32Array(kept)).setBuffer(source.getBuffer()),
  );
  compactPrimitive(primitive);
  return share;
}

/**
 * Leaves about `ratio` of the triangles, as long as the surface stays within `errorShare` of each mesh's size
 * (quadric errors of normals and texture coordinates count too: Garland and Heckbert 1998). Borders between meshes
 * stay where they are, so that no crack opens.
 * @returns the largest error as a share of a mesh's size
 */
export async function simplifyMeshes(document: Document, ratio: number, errorShare: number): Promise<number> {
  await MeshoptSimplifier.ready;
  const primitives = document
    .getRoot()
    .listMeshes()
    .flatMap((mesh) => mesh.listPrimitives());
  const lockBorder = primitives.length > 1;
  const errors = primitives.map((primitive) =>
    simplifyPrimitive(document, primitive, ratio, errorShare, lockBorder),
  );
  return Math.max(0, ...errors);
}
