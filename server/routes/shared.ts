import type { Request, Response } from "express";
import { z } from "zod";
import { Id } from "../contract/common.ts";
import { EXPORT_KINDS } from "../contract/model.ts";
import { Shared } from "../contract/share.ts";
import { AppError } from "../errors.ts";
import { pageLocaleOf } from "../http/error-page.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import { sendStored } from "../http/send-stored.ts";
import { allowFraming, shareCaching } from "../http/share-headers.ts";
import type { ShareHead } from "../http/share-html.ts";
import type { Share } from "../models/share.ts";
import { type DerivedFileDeps, ensureFile } from "../services/derived-files.ts";
import type { Reads } from "../services/reads/reads.ts";
import {
  checkNotExpired,
  countOpening,
  findByToken,
  sharedModel,
  sharedModels,
} from "../services/shared-models.ts";
import { served } from "./model-files.ts";
import { presentShared, SHARED_FILES } from "./present-share.ts";
import { shareWords } from "./share-words.ts";

export interface SharedRouteDeps extends DerivedFileDeps {
  config: { publicUrl: string | null; cdnShareSeconds: number };
  reads: Pick<Reads, "read">;
  /** Fills the built page; null where it is not built. */
  fillPage: ((head: ShareHead) => string) | null;
}

const TAG = "What a share link shows";
const ByToken = z.object({ token: z.string() });
const ByFile = z.object({ token: z.string(), file: z.string() });
const Version = z.object({
  v: z.string().optional().describe("Beginning of the SHA-256: a browser may keep the answer for ever"),
});
const HTML = { 200: { description: "A page for people, in Russian or English", mediaType: "text/html" } };
const FILE = {
  200: { description: "The file", mediaType: "application/octet-stream" },
  206: { description: "A part of it", mediaType: "application/octet-stream" },
  304: { description: "Not changed" },
  416: { description: "There is no such part" },
};
const NAMES = Object.keys(SHARED_FILES).join(", ");

/** Everything under `/s/`: for everyone who has the token, signed in or not. */
export function sharedRoutes(deps: SharedRouteDeps): Route[] {
  const { records, reads, storage, config, fillPage } = deps;

  const open = async (token: string) => {
    const share = await findByToken(records, token);
    checkNotExpired(share);
    return share;
  };

  // What the owner has just taken out of it is out of it.
  const read = async (share: Share, request: Request) => {
    const models = await reads.read(share.userId, (from) => sharedModels(from, share));
    return presentShared(share, models, originOf(request, config.publicUrl));
  };

  async function sendPage(share: Share, request: Request, response: Response): Promise<void> {
    checkNotExpired(share);
    const data = await read(share, request);
    if (!fillPage) {
      response.type("txt").send("The page is not built. Run: npm run build\n");
      return;
    }
    if (request.method === "GET") await countOpening(records, share);
    const locale = pageLocaleOf(request);
    const poster = data.models[0]?.files.poster?.url;
    const origin = originOf(request, config.publicUrl);
    const picture = poster ? { url: origin + poster, path: poster } : null;
    const words = shareWords(data, share.modelId === null, locale);
    response
      .vary("Accept-Language")
      .set("Cache-Control", "private, no-cache")
      .type("html")
      .send(fillPage({ locale, ...words, url: data.url, picture, data }));
  }

  async function sendFile(
    { token, modelId, file: name }: { token: string; modelId: string | null; file: string },
    request: Request,
    response: Response,
  ): Promise<void> {
    const share = await open(token);
    const kind = SHARED_FILES[name as keyof typeof SHARED_FILES];
    if (!Object.hasOwn(SHARED_FILES, name)) throw new AppError("not-found");
    const model = await sharedModel(records, share, modelId);
    const onDemand = EXPORT_KINDS.find((known) => known === kind);
    const file = onDemand
      ? await ensureFile(deps, model, onDemand)
      : model.files?.find((known) => known.kind === kind);
    if (!file) throw new AppError("not-found");
    await sendStored(
      storage,
      served(model, file),
      request,
      response,
      shareCaching(share.expiresAt, config.cdnShareSeconds),
    );
  }

  return [
    route({
      method: "get",
      path: "/s/:token",
      tag: TAG,
      summary: "The page of a share link; 410 once it has expired",
      access: "public",
      params: ByToken,
      answers: HTML,
      async handle({ params, request, response }) {
        await sendPage(await findByToken(records, params.token), request, response);
      },
    }),
    route({
      method: "get",
      path: "/s/:token/embed",
      tag: TAG,
      summary: "The page for a frame, which only the link's `embedSites` may show",
      access: "public",
      params: ByToken,
      answers: HTML,
      async handle({ params, request, response }) {
        const share = await findByToken(records, params.token);
        allowFraming(response, share.embedSites);
        await sendPage(share, request, response);
      },
    }),
    route({
      method: "get",
      path: "/s/:token/share.json",
      tag: TAG,
      summary: "What the page shows, as data",
      access: "public",
      params: ByToken,
      answers: { 200: { description: "The models with their files", schema: Shared } },
      async handle({ params, request, response }) {
        const data = await read(await open(params.token), request);
        response.set("Cache-Control", "private, no-cache").json(data);
      },
    }),
    route({
      method: "get",
      path: "/s/:token/models/:modelId/:file",
      tag: TAG,
      summary: `A file of a model in a gallery: ${NAMES}`,
      access: "public",
      params: ByFile.extend({ modelId: Id }),
      query: Version,
      answers: FILE,
      handle: ({ params, request, response }) => sendFile(params, request, response),
    }),
    route({
      method: "get",
      path: "/s/:token/:file",
      tag: TAG,
      summary: `A file of the shared model: ${NAMES}`,
      access: "public",
      params: ByFile,
      query: Version,
      answers: FILE,
      handle: ({ params, request, response }) => sendFile({ ...params, modelId: null }, request, response),
    }),
  ];
}
