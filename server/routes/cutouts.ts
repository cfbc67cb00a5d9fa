import type { PhotoDecoder } from "../assets/photo.ts";
import { Cutout, CutoutFields } from "../contract/generation.ts";
import { AppError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import type { CutoutPreview } from "../providers/local/preview-cutout.ts";

export interface CutoutRouteDeps {
  decoder: PhotoDecoder;
  previewCutout: CutoutPreview;
  maxUploadBytes: number;
}

export const cutoutRoutes = (deps: CutoutRouteDeps): Route[] => [
  route({
    method: "post",
    path: "/api/v1/cutouts",
    tag: "Generations",
    summary: "See what the local generator would cut out of a photo; nothing is kept",
    access: "write",
    body: CutoutFields,
    multipart: { fileNames: ["photo", "image"], maxBytes: deps.maxUploadBytes, isKept: false },
    answers: { 200: { description: "The cut-out", schema: Cutout } },
    async handle({ body, upload, response }) {
      const gone = new AbortController();
      response.once("close", () => gone.abort(new AppError("upload-aborted")));
      const photo = await deps.decoder.decode(upload.path, upload.workspace);
      response.json(await deps.previewCutout(photo.path, body.box ?? null, gone.signal));
    },
  }),
];
