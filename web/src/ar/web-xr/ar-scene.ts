import {
  DirectionalLight,
  type Group,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  NeutralToneMapping,
  PCFShadowMap,
  PlaneGeometry,
  PMREMGenerator,
  RingGeometry,
  Scene,
  ShadowMaterial,
  type WebGLRenderer,
} from "three";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { type Box, boxRadius } from "../../viewer/box.ts";

const RING_RADIUS_METRES = 0.09;
const SHADOW_PIXELS = 1024;

/** The ring that shows where a tap would place the model. */
function makeRing(): Mesh {
  const ring = new Mesh(
    new RingGeometry(RING_RADIUS_METRES * 0.8, RING_RADIUS_METRES, 40).rotateX(-Math.PI / 2),
    new MeshBasicMaterial({ color: "#ffffff", transparent: true, opacity: 0.9, toneMapped: false }),
  );
  ring.visible = false;
  return ring;
}

/** A floor that nobody sees but for the shadow, under the model. */
function makeShadowFloor(radius: number): Mesh {
  const floor = new Mesh(
    new PlaneGeometry(radius * 6, radius * 6).rotateX(-Math.PI / 2),
    new ShadowMaterial({ opacity: 0.35 }),
  );
  floor.receiveShadow = true;
  return floor;
}

function makeLamp(radius: number): DirectionalLight {
  const lamp = new DirectionalLight("#fff6ea", 1.6);
  lamp.position.set(radius * 0.6, radius * 4, radius);
  lamp.castShadow = true;
  lamp.shadow.mapSize.setScalar(SHADOW_PIXELS);
  lamp.shadow.radius = 6;
  const { camera } = lamp.shadow;
  [camera.left, camera.right, camera.bottom, camera.top] = [-radius * 2, radius * 2, -radius * 2, radius * 2];
  camera.far = radius * 8;
  return lamp;
}

export interface ArScene {
  scene: Scene;
  ring: Mesh;
  /** What stands in the room: the model with its shadow and lamp. Unseen until it is placed. */
  stage: Group;
  dispose: () => void;
}

/** A model of true size (metres, base at the origin) for a room: `stage` is to be placed, never scaled. */
export function makeArScene(
  renderer: WebGLRenderer,
  model: { object: Group; box: Box },
  stage: Group,
): ArScene {
  renderer.toneMapping = NeutralToneMapping;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  const radius = boxRadius(model.box);
  const scene = new Scene();
  const ring = makeRing();
  const room = new RoomEnvironment();
  const generator = new PMREMGenerator(renderer);
  const reflections = generator.fromScene(room, 0.04);
  room.dispose();
  generator.dispose();
  scene.environment = reflections.texture;
  scene.environmentIntensity = 0.5;

  const lamp = makeLamp(radius);
  const floor = makeShadowFloor(radius);
  model.object.traverse((node) => {
    node.castShadow = true;
  });
  stage.add(model.object, floor, lamp, lamp.target);
  stage.visible = false;
  scene.add(new HemisphereLight("#ffffff", "#d9d4cc", 0.6), ring, stage);

  const dispose = () => {
    reflections.dispose();
    lamp.dispose();
    for (const mesh of [ring, floor]) {
      mesh.geometry.dispose();
      for (const material of [mesh.material].flat()) material.dispose();
    }
  };
  return { scene, ring, stage, dispose };
}
