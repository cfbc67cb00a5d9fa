import type { Request } from "express";
import { Id } from "../contract/common.ts";
import type { PageHints } from "../http/page.ts";
import type { Records } from "../models/records.ts";
import { fileUrl } from "./present-model.ts";

const VIEWER_MODULES = ["src/pages/model/model-page.tsx", "src/viewer/viewer.tsx"];

/** A model's page fetches its picture, its viewer and its GLB at once, instead of one after the other. */
export const modelPageHints =
  (records: Records) =>
  async (request: Request): Promise<PageHints> => {
    const id = Id.safeParse(/^\/models\/([^/]+)\/?$/.exec(request.path)?.[1]);
    const model = id.success
      ? await records.Model3d.findByPk(id.data, { include: [{ association: "files" }] })
      : null;
    if (!model) return { status: 404, modules: [], fetches: [], images: [] };
    const urlsOf = (kind: "glb" | "thumbnail") =>
      (model.files ?? [])
        .filter((file) => file.kind === kind)
        .map(({ sha256 }) => fileUrl(model.id, kind, sha256));
    return {
      status: 200,
      modules: VIEWER_MODULES,
      fetches: urlsOf("glb"),
      images: urlsOf("thumbnail"),
    };
  };
