import { useEffect, useMemo } from "react";
import { type Group, type Material, Mesh, MeshBasicMaterial } from "three";

type ModelObjectProps = { object: Group; wireframe: boolean; wireColor: string };

/** The model as it was loaded, or its edges alone; the edges share its geometry and leave its materials alone. */
export function ModelObject({ object, wireframe, wireColor }: ModelObjectProps) {
  return (
    <>
      <primitive object={object} visible={!wireframe} dispose={null} />
      {wireframe && <Wires object={object} color={wireColor} />}
    </>
  );
}

function Wires({ object, color }: { object: Group; color: string }) {
  const wires = useMemo(() => {
    const material = new MeshBasicMaterial({ color, wireframe: true, toneMapped: false });
    const copy = object.clone(true);
    copy.visible = true;
    copy.traverse((node) => {
      if (node instanceof Mesh) node.material = material as Material;
    });
    return { copy, material };
  }, [object, color]);
  useEffect(() => () => wires.material.dispose(), [wires]);
  return <primitive object={wires.copy} dispose={null} />;
}
