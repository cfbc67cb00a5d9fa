import * as THREE from "three";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import type { Shot } from "../shots.ts";
import * as furniture from "./furniture.ts";
import * as goods from "./goods.ts";
import { surroundings } from "./stage.ts";
import * as vessels from "./vessels.ts";

const MODELS: Record<string, () => THREE.Object3D> = { ...furniture, ...goods, ...vessels };
const [WIDTH, HEIGHT] = [960, 720];
const SUPERSAMPLING = 2;
const FIELD_OF_VIEW_DEGREES = 22;
/** Longest side of the pictures that only measure. */
const DEPTH_PIXELS = 240;
const SIDE_PIXELS = 160;

const WHITE = new THREE.MeshBasicMaterial({ color: "#fff", side: THREE.DoubleSide });
const DEPTH = new THREE.ShaderMaterial({
  side: THREE.DoubleSide,
  uniforms: { range: { value: new THREE.Vector2() } },
  vertexShader:
    "varying float z; void main() { vec4 p = modelViewMatrix * vec4(position, 1.); z = -p.z; gl_Position = projectionMatrix * p; }",
  fragmentShader:
    "varying float z; uniform vec2 range; void main() { gl_FragColor = vec4(vec3(1. - (z - range.x) / (range.y - range.x)) * .996 + .004, 1.); }",
});

/** What one photo is and shows; pictures as data URLs of PNG. */
export interface TakenShot {
  photo: string;
  /** White where the object is, with soft edges. */
  mask: string;
  /** 255 is nearest, 1 farthest, 0 nothing. */
  depth: string;
  /** The object's outline from its right-hand side as the camera sees it, without perspective. */
  side: string;
  /** Of the object itself: width, height and depth, metres. */
  sizeMetres: [number, number, number];
  /** Distance that the depth picture spans, metres. */
  depthMetres: number;
}

function vertices(object: THREE.Object3D): THREE.Vector3[] {
  const points: THREE.Vector3[] = [];
  object.updateMatrixWorld(true);
  object.traverse((part) => {
    if (!(part instanceof THREE.Mesh)) return;
    const at = part.geometry.getAttribute("position");
    for (let i = 0; i < at.count; i++) {
      points.push(new THREE.Vector3().fromBufferAttribute(at, i).applyMatrix4(part.matrixWorld));
    }
  });
  return points;
}

function aim(object: THREE.Object3D, shot: Shot): THREE.PerspectiveCamera {
  const camera = new THREE.PerspectiveCamera(FIELD_OF_VIEW_DEGREES, WIDTH / HEIGHT, 0.01, 100);
  const box = new THREE.Box3().setFromObject(object, true);
  const centre = box.getCenter(new THREE.Vector3());
  const elevation = THREE.MathUtils.degToRad(shot.elevation);
  const points = vertices(object);
  let distance = box.getSize(new THREE.Vector3()).length() * 3;
  for (let round = 0; round < 8; round++) {
    camera.position.set(0, Math.sin(elevation), Math.cos(elevation)).multiplyScalar(distance).add(centre);
    camera.lookAt(centre);
    camera.updateMatrixWorld(true);
    const seen = new THREE.Box3().setFromPoints(points.map((point) => point.clone().project(camera)));
    const largest = Math.max(seen.max.x - seen.min.x, (seen.max.y - seen.min.y) * 1) / 2;
    distance *= largest / shot.fill;
    const middle = new THREE.Vector3(
      (seen.min.x + seen.max.x) / 2,
      (seen.min.y + seen.max.y) / 2 + 0.02,
      0.5,
    );
    const reach =
      camera.position.distanceTo(centre) * Math.tan(THREE.MathUtils.degToRad(FIELD_OF_VIEW_DEGREES / 2));
    centre.x += middle.x * reach * (WIDTH / HEIGHT);
    centre.y += middle.y * reach;
  }
  return camera;
}

function lights(shot: Shot, unit: number): THREE.Object3D[] {
  const key = new THREE.DirectionalLight("#fff6ea", 1 + 1.6 * shot.light.hardness);
  const azimuth = THREE.MathUtils.degToRad(shot.light.azimuth);
  key.position.set(Math.sin(azimuth) * 3, 4, Math.cos(azimuth) * 3).multiplyScalar(unit);
  key.castShadow = true;
  key.shadow.mapSize.set(2048, 2048);
  key.shadow.radius = 14 - 10 * shot.light.hardness;
  key.shadow.blurSamples = 20;
  key.shadow.bias = -0.0005;
  key.shadow.normalBias = 0.01 * unit;
  Object.assign(key.shadow.camera, {
    left: -2.4 * unit,
    right: 2.4 * unit,
    top: 2.4 * unit,
    bottom: -2.4 * unit,
    near: 0.1 * unit,
    far: 14 * unit,
  });
  return [key, new THREE.AmbientLight("#ffffff", 0.25)];
}

function pictureOf(source: HTMLCanvasElement, width: number, height: number, filter = "none") {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.filter = filter;
  context.drawImage(source, 0, 0, width, height);
  return { canvas, context };
}

/** Takes one photo and everything that is known about it. */
export function take(shot: Shot): TakenShot {
  const renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
  renderer.setSize(WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING, false);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.VSMShadowMap;
  renderer.toneMapping = THREE.NeutralToneMapping;
  const scene = new THREE.Scene();
  scene.environment = new THREE.PMREMGenerator(renderer).fromScene(new RoomEnvironment(), 0.04).texture;
  scene.environmentIntensity = 0.75;

  const object = MODELS[shot.model]();
  const size = new THREE.Box3().setFromObject(object, true).getSize(new THREE.Vector3());
  object.rotation.y = THREE.MathUtils.degToRad(shot.turn);
  const unit = Math.max(size.x, size.y, size.z);
  const around = surroundings(shot, unit);
  for (const part of [object, around]) {
    part?.traverse((mesh) => {
      mesh.castShadow = part === object || shot.background === "busy";
      mesh.receiveShadow = true;
    });
  }
  scene.add(object, ...lights(shot, unit));
  if (around) scene.add(around);
  const camera = aim(object, shot);

  const materials: THREE.Material[] = [];
  object.traverse((part) => {
    if (part instanceof THREE.Mesh) materials.push(part.material);
  });
  const hideObject = (isHidden: boolean) => {
    for (const material of materials) {
      material.colorWrite = !isHidden;
      material.depthWrite = !isHidden;
    }
  };
  const blurs = { plain: "none", transparent: "none", textured: "blur(0.8px)", busy: "blur(2px)" };
  hideObject(true);
  renderer.setClearColor(shot.colour, shot.background === "transparent" ? 0 : 1);
  renderer.render(scene, camera);
  const { canvas, context } = pictureOf(renderer.domElement, WIDTH, HEIGHT, blurs[shot.background]);
  context.filter = "none";

  hideObject(false);
  if (around) scene.remove(around);
  renderer.setClearColor("#000", 0);
  renderer.render(scene, camera);
  context.drawImage(renderer.domElement, 0, 0, WIDTH, HEIGHT);

  renderer.toneMapping = THREE.NoToneMapping;
  renderer.shadowMap.enabled = false;
  const measure = (
    material: THREE.Material,
    from: THREE.Camera,
    width: number,
    height: number,
    samples: number,
  ) => {
    scene.overrideMaterial = material;
    renderer.setSize(width * samples, height * samples, false);
    renderer.setClearColor("#000", 1);
    renderer.render(scene, from);
    scene.overrideMaterial = null;
    return pictureOf(renderer.domElement, width, height).canvas.toDataURL();
  };
  const mask = measure(WHITE, camera, WIDTH, HEIGHT, SUPERSAMPLING);
  const inCamera = vertices(object).map((point) => point.clone().applyMatrix4(camera.matrixWorldInverse));
  const seen = new THREE.Box3().setFromPoints(inCamera);
  DEPTH.uniforms.range.value.set(-seen.max.z, -seen.min.z);
  const depth = measure(DEPTH, camera, DEPTH_PIXELS, (DEPTH_PIXELS * HEIGHT) / WIDTH, 1);

  const middle = seen.getCenter(new THREE.Vector3());
  const half = Math.max(seen.max.z - seen.min.z, seen.max.y - seen.min.y) * 0.53;
  const aside = new THREE.OrthographicCamera(-half, half, half, -half, 0.001, 100);
  const frame = new THREE.Matrix4().makeTranslation(middle.x + 20, middle.y, middle.z);
  const turn = new THREE.Matrix4().makeRotationY(Math.PI / 2);
  aside.matrixAutoUpdate = false;
  aside.matrix.copy(camera.matrixWorld).multiply(frame).multiply(turn);
  aside.updateMatrixWorld(true);
  const side = measure(WHITE, aside, SIDE_PIXELS, SIDE_PIXELS, 3);

  renderer.dispose();
  renderer.forceContextLoss();
  return {
    photo: canvas.toDataURL(),
    mask,
    depth,
    side,
    sizeMetres: [size.x, size.y, size.z],
    depthMetres: seen.max.z - seen.min.z,
  };
}

Object.assign(window, { take });
