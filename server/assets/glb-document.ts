import { type Document, Logger, NodeIO, type Scene } from "@gltf-transform/core";
import { ALL_EXTENSIONS, EXTTextureWebP } from "@gltf-transform/extensions";
import { dedup, prune, unpartition, weld } from "@gltf-transform/functions";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import { GlbProblem } from "./glb-problem.ts";

const DRACO = "KHR_draco_mesh_compression";
/** What reading undoes. */
const COMPRESSIONS = ["EXT_meshopt_compression", "KHR_meshopt_compression", DRACO];

const silent = new Logger(Logger.Verbosity.SILENT);

/** Reads and writes every extension; the decoder of Draco is loaded where a file needs it. */
async function createIo({ withDraco = false } = {}): Promise<NodeIO> {
  await Promise.all([MeshoptDecoder.ready, MeshoptEncoder.ready]);
  const io = new NodeIO()
    .setLogger(silent)
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ "meshopt.decoder": MeshoptDecoder, "meshopt.encoder": MeshoptEncoder });
  if (!withDraco) return io;
  const { default: draco } = await import("draco3dgltf");
  return io.registerDependencies({ "draco3d.decoder": await draco.createDecoderModule() });
}

/** Unpacks a validated GLB, compressed geometry included. @throws GlbProblem */
export async function readGlb(bytes: Uint8Array): Promise<Document> {
  try {
    const withDraco = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(DRACO);
    const document = await (await createIo({ withDraco })).readBinary(bytes);
    return document.setLogger(silent);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GlbProblem(
      { en: `The model cannot be read: ${reason}`, ru: `Модель не читается: ${reason}` },
      { cause },
    );
  }
}

/** The scene that a viewer shows. @throws GlbProblem where there is none */
export function mainScene(document: Document): Scene {
  const root = document.getRoot();
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  if (!scene) throw new GlbProblem({ en: "The model has no scene.", ru: "В модели нет сцены." });
  return scene;
}

/** Drops what no viewer shows and shares what is equal. Every vertex, face, joint and movement stays. */
export async function tidy(document: Document): Promise<void> {
  const scene = mainScene(document);
  document.getRoot().setDefaultScene(scene);
  for (const other of document.getRoot().listScenes()) if (other !== scene) other.dispose();
  for (const name of COMPRESSIONS) document.disposeExtension(name);
  await document.transform(
    dedup(),
    prune({ keepExtras: true, keepSolidTextures: true, keepLeaves: true }),
    weld(),
    unpartition(),
  );
}

/** Packs the document into one GLB, compressed where it asks for it. */
export async function writeGlb(document: Document): Promise<Uint8Array> {
  const has = (mediaType: string) =>
    document
      .getRoot()
      .listTextures()
      .some((texture) => texture.getMimeType() === mediaType);
  if (has("image/webp")) document.createExtension(EXTTextureWebP).setRequired(true);
  else document.disposeExtension("EXT_texture_webp");
  if (!has("image/avif")) document.disposeExtension("EXT_texture_avif");
  return (await createIo()).writeBinary(document);
}
