import { MeshoptDecoder } from "meshoptimizer/decoder";
import { Box3, type Group, LoadingManager, type Object3D, type Texture } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { type Box, isFiniteBox } from "./box.ts";
import { decodedPictures } from "./decoded-pictures.ts";
import { disposeModel, replacePictures } from "./dispose-model.ts";
import { fetchModel, type LoadOptions, type ModelFile } from "./fetch-model.ts";
import type { FullPictures } from "./full-pictures.ts";
import { ViewerError } from "./viewer-error.ts";

/** A model in memory. `object` belongs to the holder, who calls `dispose` once when it is shown no more. */
export type LoadedModel = {
  object: Group;
  box: Box;
  dispose: () => void;
  /** Where its full textures are and how it gets them; null where it has them. */
  full: FullPictures | null;
};

/** Lets a file use only what it carries: any address outside it becomes an empty one. */
function closedManager(): LoadingManager {
  const manager = new LoadingManager();
  manager.setURLModifier((url) => (/^(blob|data):/.test(url) ? url : "data:,"));
  return manager;
}

function measure(object: Object3D): Box {
  const { min, max } = new Box3().setFromObject(object, true);
  return { min: [min.x, min.y, min.z], max: [max.x, max.y, max.z] };
}

/**
 * Makes three's objects of a GLB (meshopt included, no decoder is fetched). The box is in metres.
 * Throws ViewerError, or the abort's reason when `signal` ends it.
 */
export async function makeModel(
  { data, pictures, full: places }: ModelFile,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const sources = new Map<number, Texture["source"]>();
  const loader = new GLTFLoader(closedManager()).setMeshoptDecoder(MeshoptDecoder);
  loader.register((parser) => decodedPictures(parser, pictures, sources));
  let object: Group;
  try {
    object = (await loader.parseAsync(data, "")).scene;
  } catch (cause) {
    throw new ViewerError("unreadable", { cause });
  }
  const dispose = () => disposeModel(object);
  if (signal.aborted) {
    dispose();
    throw signal.reason;
  }
  const box = measure(object);
  if (!isFiniteBox(box)) {
    dispose();
    throw new ViewerError("unreadable");
  }
  const model: LoadedModel = { object, box, dispose, full: null };
  const take = (pictures: ReadonlyMap<number, ImageBitmap>) => {
    replacePictures(object, new Map([...pictures].map(([index, picture]) => [sources.get(index)!, picture])));
    model.full = null;
  };
  if (places?.images.every(({ index }) => sources.has(index))) model.full = { places, take };
  return model;
}

/** Fetches a GLB and makes it, as makeModel. */
export async function loadModel(url: string, options: LoadOptions): Promise<LoadedModel> {
  return makeModel(await fetchModel(url, options), options.signal);
}
