import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const THREE = path.resolve(import.meta.dirname, "../../../node_modules/three");
const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Draws one file with three's loader for it, seen from the front in plain light, fitted to the picture. */
const PAGE = `<!doctype html><meta charset="utf-8"><style>body{margin:0}canvas{display:block}</style>
<script type="importmap">{"imports":{"three":"/three/build/three.module.js","three/addons/":"/three/examples/jsm/"}}</script>
<script type="module">
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { MTLLoader } from "three/addons/loaders/MTLLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";
import { ThreeMFLoader } from "three/addons/loaders/3MFLoader.js";
import { USDLoader } from "three/addons/loaders/USDLoader.js";

async function load(kind) {
  if (kind === "usdz") return new USDLoader().loadAsync("/file/model.usdz");
  if (kind === "3mf") {
    const object = await new ThreeMFLoader().loadAsync("/file/model.3mf");
    object.rotation.x = -Math.PI / 2;
    return object;
  }
  if (kind === "stl") {
    const mesh = new THREE.Mesh(await new STLLoader().loadAsync("/file/model.stl"), new THREE.MeshLambertMaterial());
    mesh.rotation.x = -Math.PI / 2;
    return mesh;
  }
  if (kind === "obj") {
    const materials = await new MTLLoader().setPath("/file/").loadAsync("model.mtl");
    materials.preload();
    const object = await new OBJLoader().setMaterials(materials).loadAsync("/file/model.obj");
    // The loader reads the colours of vertices, and forgets them where there is a library.
    object.traverse(({ geometry, material }) => {
      if (geometry?.hasAttribute("color")) for (const one of [material].flat()) one.vertexColors = true;
    });
    return object;
  }
  return (await new GLTFLoader().loadAsync("/file/model.glb")).scene;
}

window.draw = async (kind) => {
  const loading = new Promise((resolve) => (THREE.DefaultLoadingManager.onLoad = resolve));
  const object = await load(kind);
  await loading;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const scene = new THREE.Scene().add(object, new THREE.AmbientLight(0xffffff, Math.PI));
  scene.background = new THREE.Color(0x404040);
  const box = new THREE.Box3().setFromObject(object);
  const [size, middle] = [box.getSize(new THREE.Vector3()), box.getCenter(new THREE.Vector3())];
  const half = size.x * 0.55;
  const camera = new THREE.OrthographicCamera(-half, half, half / 2, -half / 2, 0, size.z * 10);
  camera.position.set(middle.x, middle.y, middle.z + size.z * 5);
  const renderer = new THREE.WebGLRenderer();
  renderer.setSize(480, 240);
  document.body.replaceChildren(renderer.domElement);
  renderer.render(scene, camera);
  return size.toArray();
};
</script>`;

/** Serves the page, three, and the given files below `/file/`, on this machine only. */
export async function serveDrawPage(files: ReadonlyMap<string, Uint8Array>) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") {
      response.setHeader("Content-Type", "text/html").end(PAGE);
      return;
    }
    const own = files.get(decodeURIComponent(pathname.replace("/file/", "")));
    const content = pathname.startsWith("/three/")
      ? await readFile(path.join(THREE, pathname.slice("/three/".length))).catch(() => null)
      : own;
    response.statusCode = content ? 200 : 404;
    response.setHeader("Content-Type", TYPES[path.extname(pathname)] ?? "application/octet-stream");
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
