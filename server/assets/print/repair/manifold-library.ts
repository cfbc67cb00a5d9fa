import createModule from "manifold-3d";

type Vector = [number, number, number];
type Flat = [number, number];

/** Triangles with any number of values for each corner, the first three its place. */
export interface SolidTriangles {
  numProp: number;
  vertProperties: Float32Array;
  triVerts: Uint32Array;
  /** Corners that are one with another, in pairs. */
  mergeFromVert?: Uint32Array;
  mergeToVert?: Uint32Array;
}

export interface Slice {
  isEmpty(): boolean;
  hull(): Slice;
  area(): number;
  delete(): void;
}

export interface Solid {
  isEmpty(): boolean;
  /** Negative where the outside is inside. */
  volume(): number;
  boundingBox(): { min: Vector; max: Vector };
  decompose(): Solid[];
  slice(height: number): Slice;
  /** Keeps what lies in the direction of the normal. */
  trimByPlane(normal: Vector, originOffset: number): Solid;
  translate(way: Vector): Solid;
  getMesh(): SolidTriangles;
  status(): string;
  delete(): void;
}

/** What is used of Manifold; its own declarations don't resolve for ES modules. */
export interface SolidLibrary {
  setup(): void;
  Mesh: new (triangles: SolidTriangles) => SolidTriangles;
  Manifold: {
    /** @throws where edges don't pair up */
    new (mesh: SolidTriangles): Solid;
    union(solids: Solid[]): Solid;
    difference(solids: Solid[]): Solid;
    compose(solids: Solid[]): Solid;
    levelSet(depth: (place: Vector) => number, bounds: { min: Vector; max: Vector }, edge: number): Solid;
  };
  /** Fills rings, outer ones counter-clockwise; answers numbers of their points. @throws where they cross */
  triangulate(rings: Flat[][]): Vector[];
}

let loading: Promise<SolidLibrary> | undefined;

/** The library for solids (WebAssembly), once for each thread. */
export function loadManifold(): Promise<SolidLibrary> {
  loading ??= createModule().then((module) => {
    const library = module as unknown as SolidLibrary;
    library.setup();
    return library;
  });
  return loading;
}

/** Remembers what lives in the library's own memory, and gives it back. */
export class SolidScope {
  readonly #owned: { delete(): void }[] = [];

  keep<T extends { delete(): void }>(solid: T): T {
    this.#owned.push(solid);
    return solid;
  }

  [Symbol.dispose](): void {
    for (const solid of this.#owned.splice(0)) solid.delete();
  }
}
