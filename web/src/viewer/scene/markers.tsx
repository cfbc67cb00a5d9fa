import { useFrame, useThree } from "@react-three/fiber";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { type Camera, type Group, Raycaster, Vector3 } from "three";
import type { Hotspot } from "../../../../server/contract/viewing.ts";
import { type Box, boxRadius, type Vec3 } from "../box.ts";
import { facesEye, fromShares } from "../hotspot-place.ts";
import { placeLabel } from "./place-label.ts";

type MarkersProps = {
  object: Group;
  box: Box;
  hotspots: readonly Hotspot[];
  /** The HTML markers by the note's id. */
  elements: RefObject<Map<string, HTMLElement>>;
};

/** How long the camera rests before it is asked what stands in front of the notes: rays are too slow for each frame. */
const REST_MS = 120;

/** Moves the notes' markers with the picture and hides those that the model covers. */
export function Markers({ object, box, hotspots, elements }: MarkersProps) {
  const invalidate = useThree((state) => state.invalidate);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const places = useMemo(
    () => hotspots.map(({ id, position, normal }) => ({ id, normal, point: fromShares(box, position) })),
    [hotspots, box],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: other notes have to be placed
  useEffect(() => invalidate(), [places, invalidate]);
  useEffect(() => () => clearTimeout(rest.current), []);

  useFrame(({ camera, size }) => {
    const eye = camera.position.toArray();
    for (const { id, point, normal } of places) {
      const element = elements.current.get(id);
      if (!element) continue;
      placeLabel(element, point, camera, size);
      if (!facesEye(point, normal, eye)) element.dataset.covered = "true";
    }
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      for (const { id, point, normal } of places) {
        const covered = !facesEye(point, normal, eye) || isCovered(object, box, point, camera);
        const element = elements.current.get(id);
        if (element) element.dataset.covered = String(covered);
      }
    }, REST_MS);
  });
  return null;
}

/** Whether something of the model is between the eye and the point, which itself lies on the surface. */
function isCovered(object: Group, box: Box, point: Vec3, camera: Camera): boolean {
  const to = new Vector3(...point).sub(camera.position);
  const distance = to.length();
  const ray = new Raycaster(camera.position, to.normalize(), 0, distance - boxRadius(box) * 0.01);
  return ray.intersectObject(object, true).length > 0;
}
