import { type Document, Logger, NodeIO, type Scene } from "@gltf-transform/core";
import { ALL_EXTENSIONS, EXTTextureWebP } from "@gltf-transform/extensions";
import { dedup, prune, unpartition, weld } from "@gltf-transform/functions";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { GlbProblem } from "./glb-problem.ts";

const silent = new Logger(Logger.Verbosity.SILENT);

async function createIo(): Promise<NodeIO> {
  await MeshoptDecoder.ready;
  return new NodeIO()
    .setLogger(silent)
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ "meshopt.decoder": MeshoptDecoder });
}

/** Unpacks a validated GLB, compressed geometry included. @throws GlbProblem */
export async function readGlb(bytes: Uint8Array): Promise<Document> {
  try {
    const document = await (await createIo()).readBinary(bytes);
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
  for (const extension of document.getRoot().listExtensionsUsed()) {
    if (extension.extensionName === "EXT_meshopt_compression") extension.dispose();
  }
  await document.transform(
    dedup(),
    prune({ keepExtras: true, keepSolidTextures: true, keepLeaves: true }),
    weld(),
    unpartition(),
  );
}

/** Packs the document into one GLB. */
export async function writeGlb(document: Document): Promise<Uint8Array> {
  const hasWebp = document
    .getRoot()
    .listTextures()
    .some((texture) => texture.getMimeType() === "image/webp");
  if (hasWebp) document.createExtension(EXTTextureWebP).setRequired(true);
  return (await createIo()).writeBinary(document);
}
