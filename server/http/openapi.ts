import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { Problem } from "../contract/problem.ts";
import type { Answer, Route } from "./route.ts";

const PROBLEM = {
  description: "What went wrong and what to do next (RFC 9457)",
  content: { "application/problem+json": { schema: Problem } },
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
    { openapi: "3.1.0", info, paths },
    { allowEmptySchema: { unknown: true, any: true } },
  );
}

function operationOf({ tag, summary, params, query, body, multipart, answers }: Route) {
  return {
    tags: [tag],
    summary,
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
