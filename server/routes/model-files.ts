import path from "node:path";
import { z } from "zod";
import { Id } from "../contract/common.ts";
import { EXPORT_KINDS } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import { type ServedFile, sendOwn } from "../http/send-stored.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { ModelFile } from "../models/model-file.ts";
import { type DerivedFileDeps, ensureFile } from "../services/derived-files.ts";
import { findModel } from "../services/models.ts";
import { FILE_NAMES } from "./present-model.ts";

const Params = z.object({ id: Id, file: z.enum(FILE_NAMES) });
const Query = z.object({
  v: z.string().optional().describe("Beginning of the SHA-256: the answer may be kept for ever"),
});

export const modelFileRoutes = (deps: DerivedFileDeps): Route[] => [
  route({
    method: "get",
    path: "/api/v1/models/:id/files/:file",
    tag: "Models",
    summary: "A file of a model, with ranges and conditional answers; those in `exports` are made on demand",
    access: "read",
    relation: "see",
    params: Params,
    query: Query,
    answers: {
      200: { description: "The file", mediaType: "application/octet-stream" },
      206: { description: "A part of it", mediaType: "application/octet-stream" },
      302: { description: "It is to be had from the bucket, with `S3_DOWNLOADS=redirect`" },
      304: { description: "Not changed" },
      416: { description: "There is no such part" },
    },
    async handle({ params, caller, request, response }) {
      const model = await findModel(deps.records, caller, params.id);
      const kind = EXPORT_KINDS.find((known) => FILE_NAMES[known] === params.file);
      const file = kind
        ? served(model, await ensureFile(deps, model, kind))
        : publishedFile(model, params.file);
      if (!file) throw new AppError("not-found");
      await sendOwn(deps.storage, file, request, response);
    },
  }),
];

function publishedFile(model: Model3d, name: string): ServedFile | null {
  if (name === FILE_NAMES.photo) {
    if (!model.photo) return null;
    const { key, bytes, sha256, mediaType, createdAt } = model.photo;
    return { key, bytes, sha256, mediaType, modifiedAt: createdAt, fileName: model.name + path.extname(key) };
  }
  const file = model.files?.find(({ kind }) => FILE_NAMES[kind] === name);
  return file ? served(model, file) : null;
}

/** What tells files of one extension apart when they are saved. */
const SUFFIXES: Partial<Record<ModelFile["kind"], string>> = {
  original: ".original",
  preview: ".preview",
  ar: ".ar",
  compatible: ".compatible",
  turntable: ".turntable",
  obj: ".obj",
  "print-stl": ".print",
  "print-3mf": ".print",
};

/** A stored file of a model, to be saved under the model's name. */
export function served(model: Model3d, file: ModelFile): ServedFile {
  const { key, bytes, sha256, mediaType, createdAt, kind } = file;
  return {
    key,
    bytes,
    sha256,
    mediaType,
    modifiedAt: createdAt,
    fileName: model.name + (SUFFIXES[kind] ?? "") + path.extname(key),
  };
}
