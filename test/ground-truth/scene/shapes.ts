import * as THREE from "three";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";

type Vector = readonly [number, number, number];

/** A box with rounded edges around its centre; metres. */
export function block(size: Vector, centre: Vector, material: THREE.Material, radius = 0.02): THREE.Mesh {
  const mesh = new THREE.Mesh(new RoundedBoxGeometry(...size, 5, Math.min(radius, ...size)), material);
  mesh.position.set(...centre);
  return mesh;
}

export function ball(radii: Vector, centre: Vector, material: THREE.Material): THREE.Mesh {
  const mesh = new THREE.Mesh(new THREE.SphereGeometry(1, 48, 32), material);
  mesh.scale.set(...radii);
  mesh.position.set(...centre);
  return mesh;
}

/** A rod between two points, rounded at its ends. */
export function rod(from: Vector, to: Vector, radius: number, material: THREE.Material): THREE.Mesh {
  const [start, end] = [new THREE.Vector3(...from), new THREE.Vector3(...to)];
  const way = end.clone().sub(start);
  const mesh = new THREE.Mesh(new THREE.CapsuleGeometry(radius, way.length(), 6, 20), material);
  mesh.position.copy(start.add(end).multiplyScalar(0.5));
  mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), way.normalize());
  return mesh;
}

/** A body of revolution: radius and height of each point of its profile, smoothly joined where asked for. */
export function turned(
  profile: readonly (readonly [number, number])[],
  material: THREE.Material,
  smooth = true,
): THREE.Mesh {
  const points = profile.map(([radius, y]) => new THREE.Vector2(radius, y));
  const curve = smooth ? new THREE.SplineCurve(points).getPoints(90) : points;
  for (const point of curve) point.x = Math.max(0, point.x);
  return new THREE.Mesh(new THREE.LatheGeometry(curve, 72), material);
}

/** A tube along a smooth curve. */
export function tube(points: readonly Vector[], radius: number, material: THREE.Material): THREE.Mesh {
  const curve = new THREE.CatmullRomCurve3(points.map((point) => new THREE.Vector3(...point)));
  return new THREE.Mesh(new THREE.TubeGeometry(curve, 60, radius, 16), material);
}

export function leaf(
  length: number,
  width: number,
  bend: number,
  material: THREE.Material,
  angle: number,
  base: Vector,
): THREE.Mesh {
  const geometry = new THREE.PlaneGeometry(1, 1, 8, 24);
  const at = geometry.getAttribute("position");
  for (let i = 0; i < at.count; i++) {
    const along = at.getY(i) + 0.5;
    const across = at.getX(i) * width * Math.sin(Math.PI * along ** 0.75) * 2 * 0.5;
    at.setXYZ(
      i,
      across,
      (length * Math.sin(along * bend)) / bend,
      (length * (1 - Math.cos(along * bend))) / bend + 0.25 * Math.abs(across),
    );
  }
  geometry.computeVertexNormals();
  const mesh = new THREE.Mesh(geometry, material);
  mesh.rotation.y = angle;
  mesh.position.set(...base);
  return mesh;
}

/** Rings around the x axis, each an ellipse (half height, half width) at `x`, centred at height `y`. */
export function loft(
  rings: readonly { x: number; y: number; height: number; width: number }[],
  material: THREE.Material,
): THREE.Mesh {
  const SIDES = 48;
  const positions: number[] = [];
  const coordinates: number[] = [];
  const indices: number[] = [];
  rings.forEach(({ x, y, height, width }, ring) => {
    for (let k = 0; k <= SIDES; k++) {
      const angle = (2 * Math.PI * k) / SIDES;
      positions.push(x, y + height * Math.sin(angle), width * Math.cos(angle));
      coordinates.push(ring / rings.length, k / SIDES);
      if (ring === 0 || k === SIDES) continue;
      const a = ring * (SIDES + 1) + k;
      const b = a - SIDES - 1;
      indices.push(a, b, a + 1, b, b + 1, a + 1);
    }
  });
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(positions, 3));
  geometry.setAttribute("uv", new THREE.Float32BufferAttribute(coordinates, 2));
  geometry.setIndex(indices);
  geometry.computeVertexNormals();
  material.side = THREE.DoubleSide;
  return new THREE.Mesh(geometry, material);
}

export function group(...parts: THREE.Object3D[]): THREE.Group {
  return new THREE.Group().add(...parts);
}
