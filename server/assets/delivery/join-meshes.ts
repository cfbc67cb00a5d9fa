import type { Document, Mesh, mat4, Node } from "@gltf-transform/core";
import { compactPrimitive, join, prune, transformPrimitive } from "@gltf-transform/functions";
import { mainScene } from "../glb-document.ts";
import { determinant3 } from "../skinning.ts";

/** Extensions that mean the same wherever a mesh hangs in the tree and whatever it is joined with. */
const HARMLESS = /^(KHR_materials_(?!volume|variants)|KHR_texture_|KHR_mesh_quantization|EXT_texture_)/;
/** A mesh that stands in many places costs its vertices in each once it is joined. */
const MAX_GROWTH = 1.25;

const isIdentity = (matrix: mat4) => matrix.every((value, at) => value === (at % 5 === 0 ? 1 : 0));
const hasExtras = (owner: { getExtras(): Record<string, unknown> }) =>
  Object.keys(owner.getExtras()).length > 0;

function listMeshNodes(document: Document): { node: Node; mesh: Mesh }[] {
  const found: { node: Node; mesh: Mesh }[] = [];
  mainScene(document).traverse((node) => {
    const mesh = node.getMesh();
    if (mesh) found.push({ node, mesh });
  });
  return found;
}

const countVertices = (meshes: Iterable<Mesh>) =>
  [...meshes]
    .flatMap((mesh) => mesh.listPrimitives())
    .reduce((sum, primitive) => sum + (primitive.getAttribute("POSITION")?.getCount() ?? 0), 0);

/**
 * Whether the tree of nodes may be given up: nothing moves, bends, carries data of its own or stands in several
 * places, and no extension speaks about nodes.
 */
export function canJoin(document: Document): boolean {
  const root = document.getRoot();
  if (root.listAnimations().length > 0 || root.listSkins().length > 0) return false;
  if (root.listExtensionsUsed().some(({ extensionName }) => !HARMLESS.test(extensionName))) return false;
  const found = listMeshNodes(document);
  const meshes = new Set(found.map(({ mesh }) => mesh));
  if ([...root.listNodes(), ...meshes].some(hasExtras)) return false;
  for (const primitive of [...meshes].flatMap((mesh) => mesh.listPrimitives())) {
    if (primitive.listTargets().length > 0 || hasExtras(primitive)) return false;
  }
  if (found.some(({ node }) => determinant3(node.getWorldMatrix()) === 0)) return false;
  return countVertices(found.map(({ mesh }) => mesh)) <= countVertices(meshes) * MAX_GROWTH;
}

/** Bakes all places into the vertices and draws what shares a material at once. Call where `canJoin` allows it. */
export async function joinMeshes(document: Document): Promise<void> {
  const scene = mainScene(document);
  const whole = document.createMesh();
  for (const { node, mesh } of listMeshNodes(document)) {
    const world = node.getWorldMatrix();
    for (const primitive of mesh.listPrimitives()) {
      const own = primitive.clone();
      if (!isIdentity(world)) transformPrimitive(compactPrimitive(own), world);
      whole.addPrimitive(own);
    }
    node.setMesh(null);
  }
  scene.addChild(document.createNode().setMesh(whole));
  await document.transform(
    prune({ keepExtras: true, keepSolidTextures: true }),
    join({ keepNamed: false, cleanup: true }),
  );
}
