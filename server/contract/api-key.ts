import { z } from "zod";
import { SCOPES } from "./access.ts";
import { Id, Name, PageQuery, pageOf, Time } from "./common.ts";

const LONGEST_DAYS = 3650;

const Scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)));

/** A key for programs. Its text is shown once, when it is made; afterwards only its beginning. */
export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    prefix: z.string().describe("The first 12 characters of the key, to know it by"),
    scopes: z
      .array(z.enum(SCOPES))
      .describe("What the key may do within its owner's role; none of them includes another"),
    createdAt: Time,
    expiresAt: Time.nullable().describe("Null: never"),
    isExpired: z.boolean(),
    lastUsedAt: Time.nullable().describe("Exact to a minute; null: never used"),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyPage = pageOf(ApiKey).meta({ id: "ApiKeyPage" });

export const ApiKeyWithText = ApiKey.extend({
  key: z
    .string()
    .regex(/^p3d_[0-9A-Za-z]{38}$/)
    .describe("Shown this once"),
}).meta({ id: "ApiKeyWithText" });
export type ApiKeyWithText = z.infer<typeof ApiKeyWithText>;

export const CreateApiKey = z
  .strictObject({
    name: Name.max(100),
    scopes: Scopes.default(["read"]),
    expiresInDays: z.number().int().min(1).max(LONGEST_DAYS).nullish().describe("Null: never"),
  })
  .meta({ id: "CreateApiKey" });

export const ApiKeyQuery = PageQuery.strict();
