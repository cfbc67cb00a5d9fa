import type { FileKind, Model as ModelView } from "../contract/model.ts";
import { versionOf } from "../http/send-stored.ts";
import type { Model3d } from "../models/model-3d.ts";

/** Name of each kind of file in its URL. */
export const FILE_NAMES = {
  glb: "model.glb",
  original: "original.glb",
  thumbnail: "thumbnail.webp",
  photo: "photo",
} as const satisfies Record<FileKind, string>;

/** URL of a file that changes when its content changes. */
export const fileUrl = (modelId: string, kind: FileKind, sha256: string) =>
  `/api/v1/models/${modelId}/files/${FILE_NAMES[kind]}?v=${versionOf(sha256)}`;

/** A model as clients see it; `model` carries its files and its photo. */
export function presentModel(model: Model3d): ModelView {
  const stored = [
    ...(model.files ?? []).map(({ kind, bytes, sha256, mediaType }) => ({ kind, bytes, sha256, mediaType })),
    ...(model.photo ? [{ kind: "photo" as const, ...photoFacts(model.photo) }] : []),
  ];
  return {
    id: model.id,
    name: model.name,
    description: model.description,
    status: model.status,
    tags: model.tags,
    dimensions: model.dimensions,
    stats: model.stats,
    files: Object.fromEntries(
      stored.map(({ kind, ...file }) => [kind, { url: fileUrl(model.id, kind, file.sha256), ...file }]),
    ),
    generationId: model.generationId,
    provider: model.provider,
    network: model.network,
    localReport: model.report,
    remarks: remarksOf(model),
    metadata: model.metadata,
    createdAt: model.createdAt.toISOString(),
    updatedAt: model.updatedAt.toISOString(),
    deletedAt: model.deletedAt?.toISOString() ?? null,
  };
}

const photoFacts = ({ bytes, sha256, mediaType }: NonNullable<Model3d["photo"]>) => ({
  bytes,
  sha256,
  mediaType,
});

/** Thickness against the longest side; a relief of the local generator has some 0.1, a sheet much less. */
const FLAT_SHARE = 0.03;
const HUGE_METRES = 30;

function remarksOf({ stats }: Model3d): ModelView["remarks"] {
  const { min, max } = stats.boundingBoxMetres;
  const sides = max.map((value, axis) => value - min[axis]);
  const longest = Math.max(...sides);
  const remarks: ModelView["remarks"] = [];
  if (Math.min(...sides) < longest * FLAT_SHARE) remarks.push("flat");
  if (longest > HUGE_METRES) remarks.push("huge");
  return remarks;
}
