import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

interface OpenApiDocument {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema?: object }> }> }>
  >;
}

/** Makes a check of answers against the server's own openapi.json: path, status, media type and JSON schema. */
export async function createContractCheck(baseUrl: string) {
  const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, "api");
  const paths = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`),
  }));

  return async (method: string, url: string, response: Response): Promise<void> => {
    const path = url.split("?")[0];
    const template = (
      paths.find((known) => known.template === path) ?? paths.find(({ pattern }) => pattern.test(path))
    )?.template;
    if (!template) return;
    const operation = document.paths[template][method.toLowerCase().replace("head", "get")];
    const named = operation?.responses[response.status];
    if (!named)
      assert.ok(response.status >= 400, `${method} ${path} answered an undocumented ${response.status}`);
    const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "";
    if (!mediaType.endsWith("json") || method === "HEAD") return;
    const content = named?.content?.[mediaType] ? named : operation?.responses.default;
    assert.ok(
      !operation || content?.content?.[mediaType],
      `${method} ${path}: ${mediaType} is not documented`,
    );
    const pointer = (text: string) => text.replace(/~/g, "~0").replace(/\//g, "~1");
    const status = content === named ? response.status : "default";
    if (!operation) return;
    const reference = [
      "paths",
      template,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      mediaType,
      "schema",
    ];
    const validate = ajv.compile({
      $ref: `api#/${reference.map(pointer).map(encodeURIComponent).join("/")}`,
    });
    const body = await response.clone().json();
    assert.ok(
      validate(body),
      `${method} ${path} ${response.status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`,
    );
  };
}
