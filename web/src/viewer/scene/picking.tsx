import { useThree } from "@react-three/fiber";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { type Group, Matrix3, Raycaster, Vector2, Vector3 } from "three";
import type { Vec3 } from "../box.ts";

/** A place of the surface: point and normal in metres. */
export type SurfaceHit = { point: Vec3; normal: Vec3 };
/** Finds the surface at a place of the picture, -1 to 1 to the right and up. */
export type PickHandle = (x: number, y: number) => SurfaceHit | null;

type PickingProps = {
  object: Group;
  handle: Ref<PickHandle>;
  /** A tap or click that did not drag; null beside the model. */
  onTap: (hit: SurfaceHit | null) => void;
  onDoubleTap: (hit: SurfaceHit | null) => void;
};

const MAX_MOVE_PIXELS = 8;
const DOUBLE_TAP_MS = 320;

/** Says where on the model somebody taps, with any pointer, leaving drags to the orbit. */
export function Picking({ object, handle, onTap, onDoubleTap }: PickingProps) {
  const canvas = useThree((state) => state.gl.domElement);
  const camera = useThree((state) => state.camera);
  const latest = useRef({ onTap, onDoubleTap });
  latest.current = { onTap, onDoubleTap };
  const pick = useRef<PickHandle>(() => null);
  pick.current = (x, y) => {
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2(x, y), camera);
    const hit = ray.intersectObject(object, true)[0];
    if (!hit) return null;
    const normal = hit.face
      ? hit.face.normal
          .clone()
          .applyMatrix3(new Matrix3().getNormalMatrix(hit.object.matrixWorld))
          .normalize()
      : new Vector3(0, 1, 0);
    if (normal.dot(ray.ray.direction) > 0) normal.negate();
    return { point: hit.point.toArray(), normal: normal.toArray() };
  };
  useImperativeHandle(handle, () => (x, y) => pick.current(x, y), []);

  useEffect(() => {
    let down: { x: number; y: number } | null = null;
    let last: { x: number; y: number; at: number } | null = null;
    const near = (a: { x: number; y: number }, b: { x: number; y: number }, reach: number) =>
      Math.hypot(a.x - b.x, a.y - b.y) < reach;
    const press = (event: PointerEvent) => {
      down = event.isPrimary && event.button === 0 ? { x: event.clientX, y: event.clientY } : null;
    };
    const release = (event: PointerEvent) => {
      const place = { x: event.clientX, y: event.clientY };
      if (!event.isPrimary || !down || !near(down, place, MAX_MOVE_PIXELS)) return;
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const hit = pick.current(((place.x - left) / width) * 2 - 1, 1 - ((place.y - top) / height) * 2);
      const again =
        last && event.timeStamp - last.at < DOUBLE_TAP_MS && near(last, place, MAX_MOVE_PIXELS * 3);
      last = again ? null : { ...place, at: event.timeStamp };
      if (again) latest.current.onDoubleTap(hit);
      else latest.current.onTap(hit);
    };
    canvas.addEventListener("pointerdown", press);
    canvas.addEventListener("pointerup", release);
    return () => {
      canvas.removeEventListener("pointerdown", press);
      canvas.removeEventListener("pointerup", release);
    };
  }, [canvas]);
  return null;
}
