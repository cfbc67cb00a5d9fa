import * as THREE from "three";
import type { Shot } from "../shots.ts";
import { ball, block, group, turned } from "./shapes.ts";
import { blots, createRandom, glossy, matte, wallpaper, weave, wood } from "./surfaces.ts";

/** A seamless sweep: the floor bends up into the wall. `unit` is the object's longest side, metres. */
function sweep(material: THREE.Material, unit: number): THREE.Mesh {
  const profile = Array.from({ length: 40 }, (_, k) => {
    const t = k / 39;
    if (t < 0.3) return [0, 4 - (t / 0.3) * 5.5];
    if (t > 0.7) return [1.5 + (t - 0.7) * 15, -3];
    const angle = ((t - 0.3) / 0.4) * (Math.PI / 2);
    return [1.5 - 1.5 * Math.cos(angle), -1.5 - 1.5 * Math.sin(angle)];
  });
  const geometry = new THREE.PlaneGeometry(14 * unit, 1, 1, 39);
  const at = geometry.getAttribute("position");
  for (let i = 0; i < at.count; i++) {
    const [y, z] = profile[39 - Math.round((at.getY(i) + 0.5) * 39)];
    at.setXYZ(i, at.getX(i), y * unit, z * unit);
  }
  geometry.computeVertexNormals();
  material.side = THREE.DoubleSide;
  return new THREE.Mesh(geometry, material);
}

function floorAndWall(floor: THREE.Material, wall: THREE.Material, unit: number): THREE.Object3D {
  const ground = new THREE.Mesh(new THREE.PlaneGeometry(14 * unit, 8 * unit), floor);
  ground.rotation.x = -Math.PI / 2;
  const back = new THREE.Mesh(new THREE.PlaneGeometry(14 * unit, 8 * unit), wall);
  back.position.set(0, 3.5 * unit, -2.2 * unit);
  return group(ground, back);
}

/** Books, frames and pots on a table in front of wallpaper. */
function clutter(colour: string, unit: number): THREE.Object3D {
  const random = createRandom(11);
  const colours = ["#7b2d26", "#2c4f6b", "#d6a84b", "#3f6b4f", "#e7dcc7", "#51325c", "#20242b", "#c9744a"];
  const things: THREE.Object3D[] = [];
  let x = -2.6;
  for (let k = 0; x < 2.6; k++) {
    const [wide, tall] = [0.1 + 0.14 * random(), 0.55 + 0.5 * random()];
    if (random() > 0.82) x += 0.45;
    const centre = [(x + wide / 2) * unit, (tall / 2) * unit, -1.5 * unit] as const;
    things.push(block([wide * unit, tall * unit, 0.5 * unit], centre, matte(colours[k % 8]), 0.01 * unit));
    x += wide;
  }
  for (const [at, hue] of [
    [-1.5, 0],
    [1.25, 3],
    [2.1, 6],
  ]) {
    const frame = [at * unit, 1.75 * unit, -2.15 * unit] as const;
    things.push(block([0.7 * unit, 0.9 * unit, 0.05 * unit], frame, matte("#2a2420"), 0.01 * unit));
    things.push(
      block(
        [0.55 * unit, 0.75 * unit, 0.06 * unit],
        frame,
        matte(blots(colours[hue], colours[hue + 1], 40, 1)),
        0.01 * unit,
      ),
    );
  }
  things.push(
    ball([0.2 * unit, 0.2 * unit, 0.2 * unit], [-1.15 * unit, 0.2 * unit, -0.75 * unit], glossy("#d9822b")),
  );
  const pot = turned(
    [
      [0, 0],
      [0.16 * unit, 0],
      [0.2 * unit, 0.4 * unit],
      [0, 0.4 * unit],
    ],
    matte("#6f8f8a"),
    false,
  );
  pot.position.set(1.25 * unit, 0, -0.8 * unit);
  const walls = floorAndWall(
    matte(wood(colour, 7, 3), 0.5),
    matte(wallpaper("#c9cdb6", ["#a34b3f", "#5d7a5a", "#e9e2cc"], 4)),
    unit,
  );
  return group(walls, pot, ...things);
}

const isFloorOfCloth = (model: string) => model === "dog" || model === "vase";

/** What stands and lies around the object; null for a transparent background. */
export function surroundings(shot: Shot, unit: number): THREE.Object3D | null {
  if (shot.background === "transparent") return null;
  if (shot.background === "busy") return clutter(shot.colour, unit);
  if (shot.background === "plain") return sweep(matte(shot.colour, 0.95), unit);
  const floor = isFloorOfCloth(shot.model) ? weave(shot.colour, 0.05, 9) : wood(shot.colour, 6, 4);
  return floorAndWall(matte(floor, 0.8), matte(blots("#c4c2ba", "#aeaca2", 160, 3)), unit);
}
