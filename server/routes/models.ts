import { createHash } from "node:crypto";
import { z } from "zod";
import type { ModelProcessor } from "../assets/glb.ts";
import type { OpenCache } from "../cache/open-cache.ts";
import { Id } from "../contract/common.ts";
import {
  EXPORT_KINDS,
  ImportModelFields,
  Model,
  ModelPage,
  ModelQuery,
  TagList,
  TagQuery,
  UpdateModel,
} from "../contract/model.ts";
import { AppError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import { importModel } from "../services/import-model.ts";
import { listModels, listTags } from "../services/list-models.ts";
import { removeModel, restoreModel, trashModel } from "../services/model-trash.ts";
import { findModel } from "../services/models.ts";
import type { Reads } from "../services/reads/reads.ts";
import type { StorageQuota } from "../services/storage-quota.ts";
import { updateModel } from "../services/update-model.ts";
import type { Storage } from "../storage/storage.ts";
import { presentModel } from "./present-model.ts";

export interface ModelRouteDeps {
  records: Records;
  reads: Pick<Reads, "read">;
  cache: Pick<OpenCache, "remembered">;
  storage: Storage;
  processor: ModelProcessor;
  quota: StorageQuota;
}

const TAG = "Models";
const ById = z.object({ id: Id });
const MAX_IMPORT_BYTES = 200 * 1024 ** 2;
const ONE_MODEL = { 200: { description: "The model; its version is in `ETag`", schema: Model } };

/** The version, and which files on demand there are: those come and go without a new version. */
function tagOf({ version, files = [] }: Model3d): string {
  const made = files.filter(({ kind }) => EXPORT_KINDS.some((known) => known === kind));
  if (made.length === 0) return `"v${version}"`;
  const names = made.map(({ kind, sha256 }) => kind + sha256).toSorted();
  return `"v${version}-${createHash("sha256").update(names.join()).digest("hex").slice(0, 8)}"`;
}

/** The version in `If-Match`, null where any will do. */
function versionFrom(header: string | undefined): number | null {
  if (header === undefined || header === "*") return null;
  const match = /^"v(\d{1,9})(?:-[0-9a-f]{8})?"$/.exec(header);
  if (!match) throw new AppError("precondition-failed");
  return Number(match[1]);
}

export function modelRoutes(deps: ModelRouteDeps): Route[] {
  const { records, reads } = deps;
  return [
    route({
      method: "get",
      path: "/api/v1/models",
      tag: TAG,
      summary: "List, search and sort models: your own, or those that are shared with the team",
      access: "read",
      query: ModelQuery,
      answers: { 200: { description: "A page", schema: ModelPage } },
      async handle({ query, caller, response }) {
        const page = await reads.read(caller.userId, (from) => listModels(from, caller, query));
        response.json({ ...page, items: page.items.map((model) => presentModel(model, caller)) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/models",
      tag: TAG,
      summary: "Import a GLB that was made elsewhere",
      access: "write",
      body: ImportModelFields,
      multipart: { fileNames: ["file"], maxBytes: MAX_IMPORT_BYTES, isKept: true },
      answers: { 201: { description: "Imported", schema: Model } },
      async handle({ body, upload, caller, response }) {
        const name = body.name ?? upload.baseName;
        const model = await importModel(deps, {
          userId: caller.userId,
          path: upload.path,
          name,
          dimensions: body.dimensions ?? null,
          maxBytes: body.delivery?.maxBytes ?? null,
        });
        response
          .status(201)
          .location(`/api/v1/models/${model.id}`)
          .set("ETag", tagOf(model))
          .json(presentModel(model, caller));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/models/:id",
      tag: TAG,
      summary: "Read one model",
      access: "read",
      relation: "see",
      params: ById,
      answers: ONE_MODEL,
      async handle({ params, caller, response }) {
        const model = await findModel(records, caller, params.id);
        response.set("ETag", tagOf(model)).json(presentModel(model, caller));
      },
    }),
    route({
      method: "patch",
      path: "/api/v1/models/:id",
      tag: TAG,
      summary: "Change a model; with `If-Match` only the version that you saw",
      access: "write",
      relation: "manage",
      params: ById,
      body: UpdateModel,
      answers: ONE_MODEL,
      async handle({ params, body, caller, by, request, response }) {
        const model = await updateModel(deps, by, params.id, body, versionFrom(request.get("if-match")));
        response.set("ETag", tagOf(model)).json(presentModel(model, caller));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/models/:id",
      tag: TAG,
      summary: "Move a model to the trash; `permanent=true` deletes it from there for ever",
      access: "write",
      relation: "manage",
      params: ById,
      query: z.strictObject({ permanent: z.stringbool().default(false) }),
      answers: { 204: { description: "Done" } },
      async handle({ params, query, by, response }) {
        if (query.permanent) await removeModel(deps, by, params.id);
        else await trashModel(deps, by, params.id);
        response.status(204).end();
      },
    }),
    route({
      method: "post",
      path: "/api/v1/models/:id/restore",
      tag: TAG,
      summary: "Take a model out of the trash",
      access: "write",
      relation: "manage",
      params: ById,
      answers: ONE_MODEL,
      async handle({ params, caller, by, response }) {
        const model = await restoreModel(records, by, params.id);
        response.set("ETag", tagOf(model)).json(presentModel(model, caller));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/tags",
      tag: TAG,
      summary: "Tags of active models, the most used first",
      access: "read",
      query: TagQuery,
      answers: { 200: { description: "Tags with their counts", schema: TagList } },
      async handle({ query, caller, response }) {
        response.json({ items: await listTags(records, deps.cache.remembered, caller, query) });
      },
    }),
  ];
}
