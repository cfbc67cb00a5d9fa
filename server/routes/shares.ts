import type { Request } from "express";
import { z } from "zod";
import { Id } from "../contract/common.ts";
import {
  CreateGalleryShare,
  CreateShare,
  Share,
  SharePage,
  ShareQuery,
  UpdateShare,
} from "../contract/share.ts";
import { originOf } from "../http/public-origin.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Share as ShareRecord } from "../models/share.ts";
import type { DerivedFileDeps } from "../services/derived-files.ts";
import { sharedModels } from "../services/shared-models.ts";
import {
  findShare,
  listModelShares,
  listShares,
  revokeModelShares,
  revokeShare,
  shareGallery,
  shareModel,
  updateShare,
} from "../services/shares.ts";
import { warmShared } from "../services/warm-shares.ts";
import { presentShare } from "./present-share.ts";

export interface ShareRouteDeps extends DerivedFileDeps {
  logger: Logger;
  config: { publicUrl: string | null };
  /** Aborted when the process stops. */
  draining: AbortSignal;
}

const TAG = "Share links";
const ById = z.object({ id: Id });
const ONE = { 200: { description: "The link", schema: Share } };
const MADE = { 201: { description: "The link; its files for phones are made meanwhile", schema: Share } };
const PAGE = { 200: { description: "A page; revoked links are not listed", schema: SharePage } };

export function shareRoutes(deps: ShareRouteDeps): Route[] {
  const { records, config, draining } = deps;
  const present = (request: Request, share: ShareRecord) =>
    presentShare(share, originOf(request, config.publicUrl));
  const warm = async (share: ShareRecord) => {
    const models = await sharedModels(records, share);
    const ids = models.map(({ id }) => id);
    void warmShared(deps, ids, draining);
  };

  return [
    route({
      method: "post",
      path: "/api/v1/models/:id/shares",
      tag: TAG,
      summary: "Make a link that lets anyone see this model without signing in",
      access: "write",
      relation: "manage",
      params: ById,
      body: CreateShare,
      answers: MADE,
      async handle({ params, body, by, request, response }) {
        const share = await shareModel(records, by, params.id, body);
        await warm(share);
        response.status(201).location(`/api/v1/shares/${share.id}`).json(present(request, share));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/models/:id/shares",
      tag: TAG,
      summary: "List the links to a model itself, the newest first",
      access: "read",
      relation: "manage",
      params: ById,
      query: ShareQuery,
      answers: PAGE,
      async handle({ params, query, caller, request, response }) {
        const page = await listModelShares(records, caller, params.id, query);
        response.json({ ...page, items: page.items.map((share) => present(request, share)) });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/models/:id/shares",
      tag: TAG,
      summary: "Revoke all links to a model itself; galleries that show it stay",
      access: "write",
      relation: "manage",
      params: ById,
      answers: { 204: { description: "Revoked" } },
      async handle({ params, by, response }) {
        await revokeModelShares(records, by, params.id);
        response.status(204).end();
      },
    }),
    route({
      method: "get",
      path: "/api/v1/shares",
      tag: TAG,
      summary: "List your links, the newest first",
      access: "read",
      query: ShareQuery,
      answers: PAGE,
      async handle({ query, caller, request, response }) {
        const page = await listShares(records, caller, query);
        response.json({ ...page, items: page.items.map((share) => present(request, share)) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/shares",
      tag: TAG,
      summary: "Make a link to a gallery: active models with a tag, or chosen ones",
      access: "write",
      body: CreateGalleryShare,
      answers: MADE,
      async handle({ body, by, request, response }) {
        const share = await shareGallery(records, by, body);
        await warm(share);
        response.status(201).location(`/api/v1/shares/${share.id}`).json(present(request, share));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/shares/:id",
      tag: TAG,
      summary: "Read one link",
      access: "read",
      relation: "manage",
      params: ById,
      answers: ONE,
      async handle({ params, caller, request, response }) {
        response.json(present(request, await findShare(records, caller, params.id)));
      },
    }),
    route({
      method: "patch",
      path: "/api/v1/shares/:id",
      tag: TAG,
      summary: "Change the expiry, the sites that may show it, or the gallery's title",
      access: "write",
      relation: "manage",
      params: ById,
      body: UpdateShare,
      answers: ONE,
      async handle({ params, body, by, request, response }) {
        response.json(present(request, await updateShare(records, by, params.id, body)));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/shares/:id",
      tag: TAG,
      summary: "Revoke a link for ever, at once",
      access: "write",
      relation: "manage",
      params: ById,
      answers: { 204: { description: "Revoked" } },
      async handle({ params, by, response }) {
        await revokeShare(records, by, params.id);
        response.status(204).end();
      },
    }),
  ];
}
