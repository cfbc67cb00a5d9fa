import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Access } from "../contract/access.ts";
import { Problem } from "../contract/problem.ts";
import type { Answer, Route } from "./route.ts";

const PROBLEM = {
  description: "What went wrong and what to do next (RFC 9457)",
  content: { "application/problem+json": { schema: Problem } },
};

/** Ways to say who asks. A server without sign-in needs none of them. */
const SECURITY_SCHEMES = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "p3d_…",
    description: "API key, as far as its scopes go",
  },
  accessToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "Access token of POST /api/v1/auth/login with tokens: true, good for 15 minutes",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "p3d_access",
    description:
      "Cookie of the page, over https __Host-p3d_access. Changes need X-Requested-With: photo-to-3d",
  },
  operations: { type: "http", scheme: "bearer", description: "OPS_TOKEN" },
} as const;

const PERSON = [{ accessToken: [] }, { session: [] }];
const MEMBER = [{ apiKey: [] }, ...PERSON];

/** Which of them open a route. */
const SECURITY: Record<Access, Partial<Record<keyof typeof SECURITY_SCHEMES, string[]>>[]> = {
  public: [],
  read: MEMBER,
  write: MEMBER,
  account: PERSON,
  admin: MEMBER,
  "admin-account": PERSON,
  operator: [{ operations: [] }, ...MEMBER],
};

/** OpenAPI 3.1, made of the same declarations that the server runs on. */
export function describeRoutes(
  routes: Route[],
  info: { title: string; version: string; description: string },
) {
  const paths: ZodOpenApiPathsObject = {};
  for (const declared of routes) {
    const path = declared.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [declared.method]: operationOf(declared) };
  }
  return createDocument(
    { openapi: "3.1.0", info, paths, components: { securitySchemes: SECURITY_SCHEMES } },
    { allowEmptySchema: { unknown: true, any: true } },
  );
}

function operationOf({ tag, summary, access, params, query, body, multipart, answers }: Route) {
  return {
    tags: [tag],
    summary,
    security: SECURITY[access],
    requestParams: { ...(params && { path: params as never }), ...(query && { query: query as never }) },
    ...(body && {
      requestBody: {
        content: multipart
          ? multipartContent(multipart.fileNames, body)
          : { "application/json": { schema: body } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      default: PROBLEM,
    },
  };
}

const responseOf = ({ description, schema, mediaType, alternatives = [] }: Answer) => ({
  description,
  ...((schema || mediaType) && {
    content: {
      [mediaType ?? "application/json"]: schema ? { schema } : {},
      ...Object.fromEntries(alternatives.map((type) => [type, {}])),
    },
  }),
});

function multipartContent([fileName]: string[], fields: z.ZodType) {
  const file = z.string().meta({ format: "binary", description: "The file itself" });
  const schema = (fields as z.ZodObject).extend({ [fileName]: file }).meta({ id: undefined });
  return { "multipart/form-data": { schema } };
}
