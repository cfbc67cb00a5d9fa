import { blur, weightedBlur } from "../image/blur.ts";
import { createPlane, type Plane, sample } from "../image/picture.ts";
import type { Silhouette } from "../solid/silhouette.ts";
import { smoothstep } from "../solid/smoothstep.ts";

/** Share of the half depth that the photo itself still shows of a rounded edge. */
const SHOULDER = 0.3;
/** |z| of the normals between which the side begins; the faces of a box turned to the camera stay as the photo shows them. */
const SIDE_NORMALS = { rounded: [0.75, 0.35], flat: [0.22, 0.1] } as const;
/** Sides of a box continue only this many cells of its faces, so that no label appears a second time. */
const FLAT_REACH = 9;
/** Photo pixels next to the outline that mix with the background. */
const MIXED_PIXELS = 1.5;

export interface SurfacePoint {
  x: number;
  y: number;
  z: number;
  /** Of the unit normal. */
  normalZ: number;
}

/**
 * Where on the photo a point of the surface (in cells) takes its colour from. The front and the back lie flat; the
 * sides, which no photo from the front shows, continue the picture mirrored at the outline, so that they
 * carry the material without streaks. Points at the outline look a little further in, past the pixels that mix with
 * the background.
 */
export class PhotoProjection {
  readonly #silhouette: Silhouette;
  readonly #inset: number;
  readonly #sideNormals: readonly [number, number];
  readonly #inwardX: Plane;
  readonly #inwardY: Plane;
  /** How far one can go inwards before the other side of the object comes nearer, cells. */
  readonly #room: Plane;
  /** Where front and back lie that far in. */
  readonly #front: Plane;
  readonly #back: Plane;

  constructor(silhouette: Silhouette, extent: { front: Plane; back: Plane }, isFlatSided: boolean) {
    const { width, height, distance } = silhouette;
    this.#silhouette = silhouette;
    this.#sideNormals = isFlatSided ? SIDE_NORMALS.flat : SIDE_NORMALS.rounded;
    this.#inset = Math.max(0.3, MIXED_PIXELS / silhouette.step);
    this.#inwardX = createPlane(width, height);
    this.#inwardY = createPlane(width, height);
    this.#room = createPlane(width, height);
    this.#front = createPlane(width, height);
    this.#back = createPlane(width, height);
    const smooth = blur(distance, 2);
    const near = createPlane(width, height);
    const deepest = extent.front.values.reduce((most, value) => Math.max(most, value), 4);
    const reach = isFlatSided ? FLAT_REACH : 1.5 * deepest;
    for (let i = 0; i < near.values.length; i++) {
      if (distance.values[i] < -2) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      const gx = sample(smooth, x + 1, y) - sample(smooth, x - 1, y);
      const gy = sample(smooth, x, y + 1) - sample(smooth, x, y - 1);
      const length = Math.max(0.5, Math.hypot(gx, gy));
      const [dx, dy] = [gx / length, gy / length];
      const room = roomInwards(distance, x, y, dx, dy, reach);
      near.values[i] = 1;
      this.#inwardX.values[i] = dx;
      this.#inwardY.values[i] = dy;
      this.#room.values[i] = room;
      this.#front.values[i] = sample(extent.front, x + dx * room, y + dy * room);
      this.#back.values[i] = sample(extent.back, x + dx * room, y + dy * room);
    }
    for (const plane of [this.#inwardX, this.#inwardY, this.#room, this.#front, this.#back]) {
      plane.values.set(weightedBlur(plane, near, 2).values);
    }
  }

  /** Which side's picture a point belongs to. */
  isFront({ x, y, z }: SurfacePoint): boolean {
    return z > (sample(this.#front, x, y) + sample(this.#back, x, y)) / 2;
  }

  /** Position on the silhouette's grid, cells. */
  project({ x, y, z, normalZ }: SurfacePoint, onFront: boolean): [number, number] {
    const front = sample(this.#front, x, y);
    const back = sample(this.#back, x, y);
    const room = sample(this.#room, x, y);
    const half = Math.max(1e-3, (front - back) / 2);
    const distance = sample(this.#silhouette.distance, x, y);
    const behind = (onFront ? front - z : z - back) - SHOULDER * half;
    const isSide =
      smoothstep(...this.#sideNormals, Math.abs(normalZ)) * smoothstep(0.6, 0.3, distance / half);
    const wanted = Math.max(0, behind) * isSide;
    // Back and forth within the room there is.
    const phase = wanted % Math.max(2 * room, 1e-3);
    const way = (room < 0.5 ? Math.min(wanted, room) : room - Math.abs(room - phase)) * isSide;
    const inset = Math.min(Math.max(0, this.#inset - distance - way), Math.max(room, 0.3));
    return [x + sample(this.#inwardX, x, y) * (way + inset), y + sample(this.#inwardY, x, y) * (way + inset)];
  }
}

function roomInwards(distance: Plane, x: number, y: number, dx: number, dy: number, reach: number): number {
  let room = 0;
  let last = sample(distance, x, y);
  while (room < reach) {
    const next = sample(distance, x + (room + 1) * dx, y + (room + 1) * dy);
    if (next < last + 0.3) break;
    last = next;
    room++;
  }
  return room;
}
