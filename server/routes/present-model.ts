import { arAdvice } from "../assets/ar-limits.ts";
import { EXPORTS } from "../assets/export/kinds.ts";
import {
  EXPORT_KINDS,
  type ExportKind,
  FILE_KINDS,
  type FileKind,
  type Model as ModelView,
} from "../contract/model.ts";
import { versionOf } from "../http/send-stored.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Caller } from "../policies/caller.ts";
import { mayChange } from "../policies/records.ts";

/** Name of each kind of file in its URL. */
export const FILE_NAMES = {
  glb: "model.glb",
  preview: "preview.glb",
  original: "original.glb",
  thumbnail: "thumbnail.webp",
  photo: "photo",
  ar: "ar.glb",
  compatible: "compatible.glb",
  usdz: "model.usdz",
  stl: "model.stl",
  "3mf": "model.3mf",
  obj: "model.obj.zip",
  turntable: "turntable.webp",
  "print-stl": "print.stl",
  "print-3mf": "print.3mf",
  "print-check": "print-check.json",
  "print-repair": "print-repair.json",
} as const satisfies Record<FileKind | ExportKind, string>;

/** URL of a file that changes when its content changes. */
export const fileUrl = (modelId: string, kind: FileKind | ExportKind, sha256: string) =>
  `/api/v1/models/${modelId}/files/${FILE_NAMES[kind]}?v=${versionOf(sha256)}`;

/** A model as this client sees it; `model` carries its files, its photo and its owner. */
export const presentModel = (model: Model3d, caller: Caller): ModelView => ({
  ...presentFacts(model),
  owner: { id: model.userId, name: model.owner?.name ?? null },
  canChange: mayChange(caller, model),
});

/** What is the same for everyone. */
export function presentFacts(model: Model3d): Omit<ModelView, "owner" | "canChange"> {
  const stored = [
    ...(model.files ?? [])
      .filter(({ kind }) => FILE_KINDS.some((known) => known === kind))
      .map(({ kind, bytes, sha256, mediaType }) => ({ kind, bytes, sha256, mediaType })),
    ...(model.photo ? [{ kind: "photo" as const, ...photoFacts(model.photo) }] : []),
  ];
  return {
    id: model.id,
    name: model.name,
    description: model.description,
    status: model.status,
    tags: model.tags,
    dimensions: model.dimensions,
    delivery: { maxBytes: model.maxBytes },
    stats: model.stats,
    files: Object.fromEntries(
      stored.map(({ kind, ...file }) => [kind, { url: fileUrl(model.id, kind, file.sha256), ...file }]),
    ),
    exports: model.deletedAt ? {} : exportsOf(model),
    generationId: model.generationId,
    provider: model.provider,
    network: model.network,
    localReport: model.report,
    remarks: remarksOf(model),
    arAdvice: arAdvice(model.stats, arFileBytes(model)),
    metadata: model.metadata,
    visibility: model.visibility,
    createdAt: model.createdAt.toISOString(),
    updatedAt: model.updatedAt.toISOString(),
    deletedAt: model.deletedAt?.toISOString() ?? null,
  };
}

function exportsOf(model: Model3d): ModelView["exports"] {
  const views: ModelView["exports"] = {};
  for (const kind of EXPORT_KINDS) {
    const format = EXPORTS[kind];
    if (!format) continue;
    const made = model.files?.find((file) => file.kind === kind);
    views[kind] = {
      url: made
        ? fileUrl(model.id, kind, made.sha256)
        : `/api/v1/models/${model.id}/files/${FILE_NAMES[kind]}`,
      mediaType: format.mediaType,
      bytes: made?.bytes ?? null,
      sha256: made?.sha256 ?? null,
    };
  }
  return views;
}

/** Sizes of the files for phones, as far as they are made. */
export const arFileBytes = ({ files }: Model3d) =>
  (files ?? []).filter(({ kind }) => kind === "ar" || kind === "usdz").map(({ bytes }) => bytes);

const photoFacts = ({ bytes, sha256, mediaType }: NonNullable<Model3d["photo"]>) => ({
  bytes,
  sha256,
  mediaType,
});

/** Thickness against the longest side; a relief of the local generator has some 0.1, a sheet much less. */
const FLAT_SHARE = 0.03;
const HUGE_METRES = 30;

/** Thinner than this share of the longest side and with a rectangle for its outline, a model is a board. */
const SLAB_SHARE = 0.2;
const SLAB_FILL = { min: 0.97, max: 1.05 };

/** Whether a generated model is the photo as a board: a rectangle all over, thin but not flat. */
function isSlab({ stats, report, generationId }: Model3d, thickness: number): boolean {
  const fill = stats.surface?.outlineFill;
  if (fill === undefined || !generationId || report?.mode === "relief") return false;
  return thickness >= FLAT_SHARE && thickness < SLAB_SHARE && fill > SLAB_FILL.min && fill < SLAB_FILL.max;
}

function remarksOf(model: Model3d): ModelView["remarks"] {
  const { stats } = model;
  const { min, max } = stats.boundingBoxMetres;
  const sides = max.map((value, axis) => value - min[axis]);
  const longest = Math.max(...sides);
  const remarks: ModelView["remarks"] = [];
  if (Math.min(...sides) < longest * FLAT_SHARE) remarks.push("flat");
  if (isSlab(model, Math.min(...sides) / longest)) remarks.push("slab");
  if (longest > HUGE_METRES) remarks.push("huge");
  if (stats.delivery?.isWithinBudget === false) remarks.push("over-budget");
  return remarks;
}
