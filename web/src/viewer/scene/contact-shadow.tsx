import { useThree } from "@react-three/fiber";
import { useEffect, useMemo } from "react";
import { type Group, Mesh, MeshBasicMaterial, PlaneGeometry } from "three";
import { type Box, boxCentre, boxRadius } from "../box.ts";
import { bakeShadow, shadowExtent } from "./bake-shadow.ts";
import { whenIdle } from "./when-idle.ts";

type ContactShadowProps = { object: Group; box: Box; strength: number };

/** The soft shadow where the model stands, computed once after the first frame; `strength` is its opacity. */
export function ContactShadow({ object, box, strength }: ContactShadowProps) {
  const gl = useThree((state) => state.gl);
  const invalidate = useThree((state) => state.invalidate);
  const plane = useMemo(() => makePlane(box), [box]);

  useEffect(() => {
    let dispose: (() => void) | undefined;
    const cancel = whenIdle(() => {
      const baked = bakeShadow(gl, object, box);
      plane.material.map = baked.texture;
      plane.material.needsUpdate = true;
      plane.visible = true;
      dispose = () => baked.dispose();
      invalidate();
    });
    return () => {
      cancel();
      dispose?.();
      plane.geometry.dispose();
      plane.material.dispose();
    };
  }, [gl, object, box, plane, invalidate]);

  useEffect(() => {
    plane.material.opacity = strength;
    invalidate();
  }, [plane, strength, invalidate]);

  return <primitive object={plane} dispose={null} />;
}

/** Lies a little below the floor; a picture taken from below has to be turned over to be seen from above. */
function makePlane(box: Box): Mesh<PlaneGeometry, MeshBasicMaterial> {
  const extent = shadowExtent(box);
  const plane = new Mesh(
    new PlaneGeometry(extent, extent).rotateX(Math.PI / 2),
    new MeshBasicMaterial({ transparent: true, depthWrite: false, toneMapped: false }),
  );
  const [x, , z] = boxCentre(box);
  plane.position.set(x, box.min[1] - boxRadius(box) * 0.002, z);
  plane.scale.y = -1;
  plane.renderOrder = -2;
  plane.visible = false;
  return plane;
}
