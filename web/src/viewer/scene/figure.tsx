import { useFrame } from "@react-three/fiber";
import { type RefObject, useEffect, useMemo } from "react";
import { DoubleSide, Group, Mesh, MeshBasicMaterial, Path, Shape, ShapeGeometry, Vector2 } from "three";
import type { Box } from "../box.ts";
import {
  DOOR_METRES,
  type Figure as FigureName,
  figurePlace,
  figureSize,
  personOutline,
} from "../scale-figure.ts";
import type { LabelName } from "../size-labels.tsx";
import { placeLabel } from "./place-label.ts";

type FigureProps = {
  figure: Exclude<FigureName, "none">;
  personMetres: number;
  box: Box;
  color: string;
  labels: RefObject<Partial<Record<LabelName, HTMLElement | null>>>;
};

/** A flat person or door beside the model that always faces the eye. */
export function Figure({ figure, personMetres, box, color, labels }: FigureProps) {
  const { group, dispose } = useMemo(
    () => cutOut(figure === "door" ? doorShapes() : [personShape(personMetres)], color),
    [figure, personMetres, color],
  );
  useEffect(() => dispose, [dispose]);
  const { width, height } = figureSize(figure, personMetres);
  const place = figurePlace(box, width);
  group.position.set(...place);

  useFrame(({ camera, size }) => {
    group.rotation.y = Math.atan2(camera.position.x - place[0], camera.position.z - place[2]);
    const label = labels.current.figure;
    if (label) placeLabel(label, [place[0], place[1] + height * 1.04, place[2]], camera, size);
  });

  return <primitive object={group} dispose={null} />;
}

function cutOut(shapes: Shape[], color: string): { group: Group; dispose: () => void } {
  const geometry = new ShapeGeometry(shapes, 4);
  const material = new MeshBasicMaterial({
    color,
    side: DoubleSide,
    transparent: true,
    opacity: 0.5,
    depthWrite: false,
    toneMapped: false,
  });
  const free = () => {
    geometry.dispose();
    material.dispose();
  };
  return { group: new Group().add(new Mesh(geometry, material)), dispose: free };
}

function personShape(heightMetres: number): Shape {
  const [start, ...rest] = personOutline(heightMetres).map((point) => new Vector2(...point));
  const shape = new Shape().moveTo(start.x, start.y) as Shape;
  shape.splineThru([...rest, start]);
  return shape;
}

function rectangle<T extends Path>(path: T, left: number, bottom: number, width: number, height: number): T {
  path.setFromPoints(
    [
      [left, bottom],
      [left + width, bottom],
      [left + width, bottom + height],
      [left, bottom + height],
    ].map(([x, y]) => new Vector2(x, y)),
  );
  return path;
}

/** A panel door: the leaf with two fields and a handle cut out of it. */
function doorShapes(): Shape[] {
  const { width, height } = DOOR_METRES;
  const leaf = rectangle(new Shape(), -width / 2, 0, width, height);
  const frame = 0.11;
  const inner = width - 2 * frame;
  leaf.holes.push(
    rectangle(new Path(), -inner / 2, 0.2, inner, 0.62),
    rectangle(new Path(), -inner / 2, 1.12, inner, 0.75),
    rectangle(new Path(), width / 2 - 0.085, 0.98, 0.035, 0.1),
  );
  return [leaf];
}
