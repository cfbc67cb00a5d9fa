import { z } from "zod";
import { ArAdvice } from "./ar.ts";
import { AR_VIEWERS } from "./ar-viewers.ts";
import { Dimensions, Id, Name, PageQuery, pageOf, Time } from "./common.ts";
import { EmbedSite } from "./embed-site.ts";
import { Hotspots } from "./viewing.ts";

/** Bounds of what one user can share. */
export const SHARE_LIMITS = { ofModel: 20, ofUser: 500, embedSites: 20, days: 3650, models: 100 } as const;

const ExpiresInDays = z
  .number()
  .int()
  .min(1)
  .max(SHARE_LIMITS.days)
  .nullable()
  .describe("Days from now by the server's clock; null is never");
const EmbedSites = z
  .array(EmbedSite)
  .max(SHARE_LIMITS.embedSites)
  .transform((sites) => [...new Set(sites)])
  .describe(
    "Sites that may show the link in a frame, such as https://shop.example or https://*.shop.example",
  );

export const CreateShare = z
  .strictObject({ expiresInDays: ExpiresInDays.default(null), embedSites: EmbedSites.default([]) })
  .meta({ id: "CreateShare" });

/** A gallery: active models with a tag, also those that get it later, or chosen ones in the given order. */
export const CreateGalleryShare = z
  .strictObject({
    title: Name.nullable().default(null),
    tag: z.string().trim().min(1).max(50).optional(),
    modelIds: z.array(Id).min(1).max(SHARE_LIMITS.models).optional(),
    expiresInDays: ExpiresInDays.default(null),
    embedSites: EmbedSites.default([]),
  })
  .refine(({ tag, modelIds }) => (tag === undefined) !== (modelIds === undefined), {
    error: "Give either tag or modelIds.",
    path: ["tag"],
  })
  .refine(({ modelIds = [] }) => new Set(modelIds).size === modelIds.length, {
    error: "A model is in the list twice.",
    path: ["modelIds"],
  })
  .meta({ id: "CreateGalleryShare" });

export const UpdateShare = z
  .strictObject({
    expiresInDays: ExpiresInDays,
    embedSites: EmbedSites,
    title: Name.nullable().describe("Of a gallery; one model is shown by its own name"),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, "Give at least one field to change.")
  .meta({ id: "UpdateShare" });

/** Who can open an address: anyone, only devices in the same private network, or only this very computer. */
export const REACHES = ["public", "network", "local"] as const;
export type Reach = (typeof REACHES)[number];

/** A link that lets anyone see one model, or a gallery, without signing in. */
export const Share = z
  .object({
    id: Id,
    kind: z.enum(["model", "gallery"]),
    title: z.string().nullable(),
    modelId: Id.nullable(),
    tag: z.string().nullable(),
    modelIds: z.array(Id).nullable(),
    token: z.string(),
    url: z.string().describe("The page, absolute"),
    embedUrl: z.string().describe("The page for a frame; only `embedSites` may show it"),
    reachable: z
      .enum(REACHES)
      .describe("public; network: only devices of the same private network; local: this computer only"),
    embedSites: z.array(z.string()),
    expiresAt: Time.nullable(),
    expired: z.boolean(),
    opens: z.number().int().describe("How often the page was opened"),
    createdAt: Time,
  })
  .meta({ id: "Share" });
export type Share = z.infer<typeof Share>;

export const SharePage = pageOf(Share).meta({ id: "SharePage" });
export const ShareQuery = PageQuery.strict();

/** `bytes` is null for a file that its first request makes. The URL starts with the path. */
const SharedFile = z.object({ url: z.string(), bytes: z.number().int().nullable() });

/** A model as everyone with the link sees it. */
export const SharedModel = z
  .object({
    id: Id,
    name: z.string(),
    dimensions: Dimensions,
    sizeAssumed: z.boolean().describe("Nobody has measured the object; the size is a guess"),
    hotspots: Hotspots.describe("Notes at places of the surface"),
    files: z.object({
      glb: SharedFile.nullable(),
      preview: SharedFile.nullable().describe(
        "`glb` with smaller textures, to be drawn first; null where it would gain little",
      ),
      ar: SharedFile.nullable(),
      usdz: SharedFile.nullable(),
      poster: SharedFile.nullable(),
    }),
    tooLarge: z
      .array(z.enum(AR_VIEWERS))
      .describe("Phone viewers that may refuse this model or be slow with it"),
    arAdvice: z.array(ArAdvice),
  })
  .meta({ id: "SharedModel" });
export type SharedModel = z.infer<typeof SharedModel>;

/** What the page behind a share link shows. */
export const Shared = z
  .object({
    title: z.string().nullable().describe("Of a gallery"),
    url: z.string().describe("The page, absolute"),
    expiresAt: Time.nullable(),
    models: z.array(SharedModel),
  })
  .meta({ id: "Shared" });
export type Shared = z.infer<typeof Shared>;
