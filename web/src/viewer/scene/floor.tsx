import { useEffect, useMemo } from "react";
import { BufferAttribute, BufferGeometry } from "three";
import type { Box } from "../box.ts";
import { gridLines } from "../floor-grid.ts";

/** A floor of square cells of a round size, fading out around the model. */
export function Floor({ box, color }: { box: Box; color: string }) {
  const geometry = useMemo(() => {
    const { positions, colors } = gridLines(box);
    return new BufferGeometry()
      .setAttribute("position", new BufferAttribute(positions, 3))
      .setAttribute("color", new BufferAttribute(colors, 4));
  }, [box]);
  useEffect(() => () => geometry.dispose(), [geometry]);

  return (
    <lineSegments geometry={geometry} dispose={null}>
      <lineBasicMaterial
        color={color}
        vertexColors
        transparent
        opacity={0.55}
        depthWrite={false}
        toneMapped={false}
      />
    </lineSegments>
  );
}
