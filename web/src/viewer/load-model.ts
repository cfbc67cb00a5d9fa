import { MeshoptDecoder } from "meshoptimizer/decoder";
import { Box3, type Group, LoadingManager, type Object3D } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { send } from "../api/send.ts";
import { type Box, isFiniteBox } from "./box.ts";
import { disposeModel } from "./dispose-model.ts";
import { expectedBytes, readWithProgress } from "./download-progress.ts";
import { ViewerError } from "./viewer-error.ts";

export type LoadProgress = { bytes: number; fraction: number | null };

/** A model in memory. `object` belongs to the holder, who calls `dispose` once when it is shown no more. */
export type LoadedModel = { object: Group; box: Box; dispose: () => void };

type LoadOptions = {
  bytes?: number;
  signal: AbortSignal;
  onProgress: (progress: LoadProgress) => void;
};

/** Lets a file use only what it carries: any address outside it becomes an empty one. */
function closedManager(): LoadingManager {
  const manager = new LoadingManager();
  manager.setURLModifier((url) => (/^(blob|data):/.test(url) ? url : "data:,"));
  return manager;
}

async function download(url: string, { bytes, signal, onProgress }: LoadOptions): Promise<ArrayBuffer> {
  try {
    const response = await send(url, { signal });
    if (!response.ok) throw new ViewerError(response.status === 404 ? "missing" : "refused");
    return await readWithProgress(response, expectedBytes(response.headers, bytes), onProgress);
  } catch (cause) {
    if (signal.aborted || cause instanceof ViewerError) throw cause;
    throw new ViewerError(navigator.onLine ? "unreachable" : "offline", { cause });
  }
}

function measure(object: Object3D): Box {
  const { min, max } = new Box3().setFromObject(object, true);
  return { min: [min.x, min.y, min.z], max: [max.x, max.y, max.z] };
}

/**
 * Fetches a GLB and makes three's objects of it (meshopt included, no decoder is fetched). The box is in metres.
 * Throws ViewerError, or the abort's reason when `signal` ends it.
 */
export async function loadModel(url: string, options: LoadOptions): Promise<LoadedModel> {
  const data = await download(url, options);
  const loader = new GLTFLoader(closedManager()).setMeshoptDecoder(MeshoptDecoder);
  let object: Group;
  try {
    object = (await loader.parseAsync(data, "")).scene;
  } catch (cause) {
    throw new ViewerError("unreadable", { cause });
  }
  const dispose = () => disposeModel(object);
  if (options.signal.aborted) {
    dispose();
    throw options.signal.reason;
  }
  const box = measure(object);
  if (!isFiniteBox(box)) {
    dispose();
    throw new ViewerError("unreadable");
  }
  return { object, box, dispose };
}
