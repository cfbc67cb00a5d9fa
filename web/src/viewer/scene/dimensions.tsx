import { useFrame } from "@react-three/fiber";
import { type RefObject, useEffect, useMemo } from "react";
import { Box3, Box3Helper, BufferAttribute, BufferGeometry, type LineBasicMaterial, Vector3 } from "three";
import type { Box } from "../box.ts";
import { dimensionLines } from "../dimension-lines.ts";
import type { LabelName } from "../size-labels.tsx";
import { placeLabel } from "./place-label.ts";

type DimensionsProps = {
  box: Box;
  color: string;
  /** The HTML labels that this places over the picture. */
  labels: RefObject<Partial<Record<LabelName, HTMLElement | null>>>;
};

/** The bounding box and its measured edges beside it; the labels are moved with them at each frame. */
export function Dimensions({ box, color, labels }: DimensionsProps) {
  const geometry = useMemo(
    () => new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(18), 3)),
    [],
  );
  useEffect(() => () => geometry.dispose(), [geometry]);
  const edges = useMemo(() => {
    const helper = new Box3Helper(new Box3(new Vector3(...box.min), new Vector3(...box.max)), color);
    Object.assign(helper.material as LineBasicMaterial, { transparent: true, opacity: 0.4 });
    return helper;
  }, [box, color]);
  useEffect(() => () => edges.dispose(), [edges]);

  useFrame(({ camera, size }) => {
    const position = geometry.getAttribute("position");
    dimensionLines(box, camera.position.toArray()).forEach(({ name, from, to, label }, index) => {
      position.setXYZ(index * 2, ...from);
      position.setXYZ(index * 2 + 1, ...to);
      const element = labels.current[name];
      if (element) placeLabel(element, label, camera, size);
    });
    position.needsUpdate = true;
    geometry.computeBoundingSphere();
  });

  return (
    <>
      <primitive object={edges} dispose={null} />
      <lineSegments geometry={geometry} dispose={null} renderOrder={1}>
        <lineBasicMaterial color={color} toneMapped={false} />
      </lineSegments>
    </>
  );
}
