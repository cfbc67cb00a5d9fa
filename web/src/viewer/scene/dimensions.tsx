import { useFrame } from "@react-three/fiber";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { BufferAttribute, BufferGeometry, Vector3 } from "three";
import type { Box } from "../box.ts";
import { type DimensionName, dimensionLines } from "../dimension-lines.ts";

type DimensionsProps = {
  box: Box;
  color: string;
  /** The HTML labels that this places over the picture. */
  labels: RefObject<Partial<Record<DimensionName, HTMLElement | null>>>;
};

/** Measured edges beside the model; the labels are moved with them at each frame. */
export function Dimensions({ box, color, labels }: DimensionsProps) {
  const scratch = useRef(new Vector3());
  const geometry = useMemo(
    () => new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(18), 3)),
    [],
  );
  useEffect(() => () => geometry.dispose(), [geometry]);

  useFrame(({ camera, size }) => {
    const position = geometry.getAttribute("position");
    dimensionLines(box, camera.position.toArray()).forEach(({ name, from, to, label }, index) => {
      position.setXYZ(index * 2, ...from);
      position.setXYZ(index * 2 + 1, ...to);
      const element = labels.current[name];
      if (!element) return;
      const { x, y, z } = scratch.current.set(...label).project(camera);
      element.style.visibility = z < 1 && Math.abs(x) < 1.1 && Math.abs(y) < 1.1 ? "visible" : "hidden";
      const left = ((x + 1) / 2) * size.width;
      const top = ((1 - y) / 2) * size.height;
      const insideX = `clamp(4px, ${left}px - 50%, ${size.width - 4}px - 100%)`;
      element.style.transform = `translate(${insideX}, calc(${top}px - 50%))`;
    });
    position.needsUpdate = true;
    geometry.computeBoundingSphere();
  });

  return (
    <lineSegments geometry={geometry} dispose={null} renderOrder={1}>
      <lineBasicMaterial color={color} toneMapped={false} />
    </lineSegments>
  );
}
