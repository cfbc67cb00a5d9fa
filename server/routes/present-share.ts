import { arAdvice } from "../assets/ar-limits.ts";
import { EXPORTS } from "../assets/export/kinds.ts";
import { refusingViewers } from "../contract/ar-viewers.ts";
import type { ExportKind, FileKind } from "../contract/model.ts";
import type { Shared, SharedModel, Share as ShareView } from "../contract/share.ts";
import { Hotspots } from "../contract/viewing.ts";
import { reachOf } from "../http/public-origin.ts";
import { versionOf } from "../http/send-stored.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Share } from "../models/share.ts";
import { arFileBytes } from "./present-model.ts";

/** Files that everyone with the link gets, by their names in its URLs. */
export const SHARED_FILES = {
  "model.glb": "glb",
  "preview.glb": "preview",
  "poster.webp": "thumbnail",
  "ar.glb": "ar",
  "model.usdz": "usdz",
} as const satisfies Record<string, FileKind | ExportKind>;

export const shareUrl = (origin: string, { token }: Share) => `${origin}/s/${token}`;

/** A link as its owner sees it; `origin` is where the product is reached. */
export function presentShare(share: Share, origin: string): ShareView {
  const url = shareUrl(origin, share);
  return {
    id: share.id,
    kind: share.modelId ? "model" : "gallery",
    title: share.title,
    modelId: share.modelId,
    tag: share.tag,
    modelIds: share.modelIds,
    token: share.token,
    url,
    embedUrl: `${url}/embed`,
    reachable: reachOf(origin),
    embedSites: share.embedSites,
    expiresAt: share.expiresAt?.toISOString() ?? null,
    expired: share.isExpired,
    opens: share.opens,
    createdAt: share.createdAt.toISOString(),
  };
}

/** What everyone with the link sees; the models carry their files. */
export const presentShared = (share: Share, models: Model3d[], origin: string): Shared => ({
  title: share.modelId ? null : share.title,
  url: shareUrl(origin, share),
  expiresAt: share.expiresAt?.toISOString() ?? null,
  models: models.map((model) => presentSharedModel(share, model)),
});

function presentSharedModel(share: Share, model: Model3d): SharedModel {
  const folder = share.modelId ? `/s/${share.token}` : `/s/${share.token}/models/${model.id}`;
  const file = (name: keyof typeof SHARED_FILES) => {
    const kind = SHARED_FILES[name];
    const made = model.files?.find((candidate) => candidate.kind === kind);
    if (made) return { url: `${folder}/${name}?v=${versionOf(made.sha256)}`, bytes: made.bytes };
    const isMadeOnDemand = kind in EXPORTS;
    return isMadeOnDemand ? { url: `${folder}/${name}`, bytes: null } : null;
  };
  const advice = arAdvice(model.stats, arFileBytes(model));
  return {
    id: model.id,
    name: model.name,
    dimensions: model.dimensions,
    sizeAssumed: model.report?.scaleAssumed ?? false,
    hotspots: Hotspots.safeParse(model.metadata.hotspots).data ?? [],
    files: {
      glb: file("model.glb"),
      preview: file("preview.glb"),
      ar: file("ar.glb"),
      usdz: file("model.usdz"),
      poster: file("poster.webp"),
    },
    tooLarge: refusingViewers(advice),
    arAdvice: advice,
  };
}
