import type { PhotoDecoder } from "../assets/photo.ts";
import { type Box, Cutout, CutoutFields } from "../contract/generation.ts";
import { type Route, route } from "../http/route.ts";

export interface CutoutRouteDeps {
  decoder: PhotoDecoder;
  previewCutout: (photoPath: string, box: Box | null) => Promise<Cutout>;
  maxUploadBytes: number;
}

export const cutoutRoutes = (deps: CutoutRouteDeps): Route[] => [
  route({
    method: "post",
    path: "/api/v1/cutouts",
    tag: "Generations",
    summary: "See what the local generator would cut out of a photo; nothing is kept",
    body: CutoutFields,
    multipart: { fileNames: ["photo", "image"], maxBytes: deps.maxUploadBytes },
    answers: { 200: { description: "The cut-out", schema: Cutout } },
    async handle({ body, upload, response }) {
      const photo = await deps.decoder.decode(upload.path, upload.workspace);
      response.json(await deps.previewCutout(photo.path, body.box ?? null));
    },
  }),
];
