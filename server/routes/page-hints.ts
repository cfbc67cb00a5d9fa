import type { Request } from "express";
import { Id } from "../contract/common.ts";
import type { PageHints } from "../http/page.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { isTo } from "../policies/records.ts";
import { fileUrl } from "./present-model.ts";

const VIEWER_MODULES = ["src/pages/model/model-page.tsx", "viewer"];

const NO_HINTS = { modules: [], fetches: [], images: [] };

/**
 * A model's page fetches its picture, its viewer and the GLB that it draws first at once, instead of one after the other. Who is not
 * known learns nothing of a model, not even whether it is there.
 * @param recognize the caller of a page; null where it is nobody that is known
 */
export const modelPageHints =
  (records: Records, recognize: (request: Request) => Promise<Caller | null>) =>
  async (request: Request): Promise<PageHints> => {
    const caller = await recognize(request);
    if (!caller) return { status: 200, ...NO_HINTS };
    const id = Id.safeParse(/^\/models\/([^/]+)\/?$/.exec(request.path)?.[1]);
    const model = id.success
      ? await records.Model3d.findByPk(id.data, { include: [{ association: "files" }] })
      : null;
    if (!model || !isTo("see", caller, model)) return { status: 404, ...NO_HINTS };
    const urlsOf = (kind: "glb" | "preview" | "thumbnail") =>
      (model.files ?? [])
        .filter((file) => file.kind === kind)
        .map(({ sha256 }) => fileUrl(model.id, kind, sha256));
    const [first = []] = [urlsOf("preview"), urlsOf("glb")].filter(({ length }) => length > 0);
    return {
      status: 200,
      modules: VIEWER_MODULES,
      fetches: first,
      images: urlsOf("thumbnail"),
    };
  };
