import { useEffect, useMemo } from "react";
import {
  DoubleSide,
  type Group,
  type Material,
  type Mesh,
  MeshBasicMaterial,
  MeshNormalMaterial,
  MeshStandardMaterial,
} from "three";
import type { Shading } from "../shading.ts";
import { dressed } from "./dressed.ts";

type ModelObjectProps = { object: Group; shading: Shading; wireColor: string };

/** The model as it was loaded, or in another dress that shares its geometry and leaves its materials alone. */
export function ModelObject({ object, shading, wireColor }: ModelObjectProps) {
  return (
    <>
      <primitive object={object} visible={shading === "material"} dispose={null} />
      {shading === "clay" && <Plain object={object} make={clay} />}
      {shading === "normals" && <Plain object={object} make={normals} />}
      {shading === "wireframe" && <Wires object={object} color={wireColor} />}
    </>
  );
}

const clay = (flatShading: boolean) =>
  new MeshStandardMaterial({
    color: "#c9c4bc",
    roughness: 0.92,
    metalness: 0,
    side: DoubleSide,
    flatShading,
  });
const normals = (flatShading: boolean) =>
  new MeshNormalMaterial({ side: DoubleSide, flatShading, toneMapped: false });

/** One material for everything; meshes without normals get flat faces. */
function Plain({ object, make }: { object: Group; make: (flatShading: boolean) => Material }) {
  const { copy, materials } = useMemo(() => {
    const [smooth, flat] = [make(false), make(true)];
    const choose = ({ geometry }: Mesh) => (geometry.hasAttribute("normal") ? smooth : flat);
    return { copy: dressed(object, choose), materials: [smooth, flat] };
  }, [object, make]);
  useEffect(
    () => () => {
      for (const material of materials) material.dispose();
    },
    [materials],
  );
  return <primitive object={copy} dispose={null} />;
}

/** Edges that face the eye: an unseen surface drawn first hides the ones behind it. */
function Wires({ object, color }: { object: Group; color: string }) {
  const { shell, wires, dispose } = useMemo(() => {
    const hidden = new MeshBasicMaterial({
      colorWrite: false,
      polygonOffset: true,
      polygonOffsetFactor: 1,
      polygonOffsetUnits: 1,
    });
    const lines = new MeshBasicMaterial({ color, wireframe: true, toneMapped: false });
    const free = () => {
      hidden.dispose();
      lines.dispose();
    };
    return { shell: dressed(object, () => hidden), wires: dressed(object, () => lines), dispose: free };
  }, [object, color]);
  useEffect(() => dispose, [dispose]);
  return (
    <>
      <primitive object={shell} renderOrder={-1} dispose={null} />
      <primitive object={wires} dispose={null} />
    </>
  );
}
