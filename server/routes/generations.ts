import type { Request } from "express";
import { z } from "zod";
import type { PhotoDecoder } from "../assets/photo.ts";
import { Id } from "../contract/common.ts";
import {
  CancelAnswer,
  CreateGenerationFields,
  Generation,
  GenerationPage,
  GenerationQuery,
  RetryGeneration,
} from "../contract/generation.ts";
import { AppError } from "../errors.ts";
import { localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import { sendOwn } from "../http/send-stored.ts";
import type { Generation as GenerationRecord } from "../models/generation.ts";
import type { Records } from "../models/records.ts";
import { findNetwork } from "../providers/networks.ts";
import type { Queue } from "../queue/queue.ts";
import type { Budget } from "../services/budget.ts";
import { createGeneration } from "../services/create-generation.ts";
import {
  cancelGeneration,
  findGeneration,
  listGenerations,
  readWaiting,
  readWaitingIfPossible,
  retryGeneration,
} from "../services/generations.ts";
import { chooseNetwork, type ProviderDirectory } from "../services/providers.ts";
import type { StorageQuota } from "../services/storage-quota.ts";
import type { Storage } from "../storage/storage.ts";
import { presentGeneration } from "./present-generation.ts";

export interface GenerationRouteDeps {
  records: Records;
  storage: Storage;
  queue: Queue;
  directory: ProviderDirectory;
  decoder: PhotoDecoder;
  maxUploadBytes: number;
  budget: Budget;
  quota: StorageQuota;
}

const TAG = "Generations";
const ById = z.object({ id: Id });
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

const CANCEL_MESSAGES = {
  true: { en: "Canceled. Nothing was charged.", ru: "Отменено. Ничего не списано." },
  false: {
    en: "Canceled here, but the service had already taken the work and charges for it. If the model comes, it is kept for you.",
    ru: "Отменено здесь, но сервис уже взялся за работу, и она будет оплачена. Если модель придёт, она сохранится для вас.",
  },
  null: {
    en: "Canceled here. It is not known whether the service had taken the photo: it may be charged. If the model comes, it is kept for you.",
    ru: "Отменено здесь. Неизвестно, успел ли сервис принять фото: деньги могут быть списаны. Если модель придёт, она сохранится для вас.",
  },
};

export function generationRoutes(deps: GenerationRouteDeps): Route[] {
  const { records, storage, directory } = deps;

  const presentAll = async (
    generations: GenerationRecord[],
    request: Request,
    readPlaces: typeof readWaiting = readWaiting,
  ) => {
    const { positions, waits } = await readPlaces(records, generations);
    return generations.map((generation) =>
      presentGeneration(generation, {
        network: findNetwork(generation.provider, generation.network, directory.networks),
        queuePosition: positions.get(generation.id) ?? null,
        wait: waits.get(generation.provider) ?? null,
        isFree: directory.providers.get(generation.provider)?.isFree ?? false,
        locale: localeOf(request),
      }),
    );
  };
  const present = async (generation: GenerationRecord, request: Request) =>
    (await presentAll([generation], request))[0];

  return [
    route({
      method: "post",
      path: "/api/v1/generations",
      tag: TAG,
      summary: "Turn a photo into a model",
      access: "write",
      body: CreateGenerationFields,
      multipart: { fileNames: ["photo", "image"], maxBytes: deps.maxUploadBytes, isKept: true },
      answers: { 202: { description: "Accepted; follow `Location`", schema: Generation } },
      async handle({ body, upload, caller, request, response, requestId }) {
        const idempotencyKey = request.get("idempotency-key") ?? null;
        if (idempotencyKey && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
          const message = "At most 200 visible ASCII characters.";
          throw new AppError("invalid-request", { errors: [{ path: "Idempotency-Key", message }] });
        }
        await chooseNetwork(directory, caller.userId, body);
        const photo = await deps.decoder.decode(upload.path, upload.workspace);
        const generation = await createGeneration(deps, {
          userId: caller.userId,
          fields: body,
          photo,
          fallbackName: upload.baseName,
          idempotencyKey,
          requestId,
        });
        const [presented] = await presentAll([generation], request, readWaitingIfPossible);
        response.status(202).location(`/api/v1/generations/${generation.id}`).json(presented);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/generations",
      tag: TAG,
      summary: "List your generations, the newest first",
      access: "read",
      query: GenerationQuery,
      answers: { 200: { description: "A page", schema: GenerationPage } },
      async handle({ query, caller, request, response }) {
        const page = await listGenerations(records, caller, query);
        response.json({ ...page, items: await presentAll(page.items, request) });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/generations/:id",
      tag: TAG,
      summary: "Read one generation",
      access: "read",
      relation: "manage",
      params: ById,
      answers: { 200: { description: "The generation", schema: Generation } },
      async handle({ params, caller, request, response }) {
        response.json(await present(await findGeneration(records, caller, params.id), request));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/generations/:id/photo",
      tag: TAG,
      summary: "The photo of a generation",
      access: "read",
      relation: "manage",
      params: ById,
      answers: {
        200: { description: "The picture", mediaType: "image/*" },
        302: { description: "It is to be had from the bucket, with `S3_DOWNLOADS=redirect`" },
      },
      async handle({ params, caller, request, response }) {
        const { photo, name } = await findGeneration(records, caller, params.id);
        if (!photo) throw new AppError("not-found");
        const { key, bytes, sha256, mediaType, createdAt } = photo;
        const fileName = `${name}.${mediaType === "image/png" ? "png" : "jpg"}`;
        await sendOwn(
          storage,
          { key, bytes, sha256, mediaType, modifiedAt: createdAt, fileName },
          request,
          response,
        );
      },
    }),
    route({
      method: "post",
      path: "/api/v1/generations/:id/cancel",
      tag: TAG,
      summary: "Cancel a generation; safe to repeat",
      access: "write",
      relation: "manage",
      params: ById,
      answers: {
        200: { description: "The generation, and whether a charge was avoided", schema: CancelAnswer },
      },
      async handle({ params, caller, request, response }) {
        const { provider } = await findGeneration(records, caller, params.id);
        const isFree = directory.providers.get(provider)?.isFree ?? false;
        const { generation, chargeAvoided } = await cancelGeneration(records, caller, params.id, isFree);
        const message = CANCEL_MESSAGES[`${chargeAvoided}`][localeOf(request)];
        response.json({ generation: await present(generation, request), chargeAvoided, message });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/generations/:id/retry",
      tag: TAG,
      summary: "Start a generation again that failed, was canceled or needs confirmation",
      access: "write",
      relation: "manage",
      params: ById,
      body: RetryGeneration,
      answers: { 202: { description: "Started again", schema: Generation } },
      async handle({ params, body, caller, by, request, response, requestId }) {
        const { provider, network: networkId } = await findGeneration(records, caller, params.id);
        const network = findNetwork(provider, networkId, directory.networks);
        const isFree = directory.providers.get(provider)?.isFree ?? false;
        const generation = await retryGeneration(deps, {
          id: params.id,
          network,
          by,
          requestId,
          isFree,
          ...body,
        });
        response.status(202).json(await present(generation, request));
      },
    }),
  ];
}
