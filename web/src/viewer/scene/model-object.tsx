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

/** The same meshes with another material. */
function dressed(object: Group, material: Material): Group {
  const copy = object.clone(true);
  copy.visible = true;
  copy.traverse((node) => {
    if (node instanceof Mesh) node.material = material;
  });
  return copy;
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
    return { shell: dressed(object, hidden), wires: dressed(object, lines), dispose: free };
  }, [object, color]);
  useEffect(() => dispose, [dispose]);
  return (
    <>
      <primitive object={shell} renderOrder={-1} dispose={null} />
      <primitive object={wires} dispose={null} />
    </>
  );
}
