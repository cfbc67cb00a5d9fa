import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

interface OpenApiDocument {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema?: object }> }> }>
  >;
}

type ContractCheck = (method: string, url: string, response: Response) => Promise<void>;

/** By the text of the document: the servers of one file mostly have the same, and its schemas are slow to compile. */
const checks = new Map<string, ContractCheck>();

/** Makes a check of answers against the server's own openapi.json: path, status, media type and JSON schema. */
export async function createContractCheck(baseUrl: string): Promise<ContractCheck> {
  const text = await (await fetch(`${baseUrl}/openapi.json`)).text();
  const check = checks.get(text) ?? makeCheck(JSON.parse(text));
  checks.set(text, check);
  return check;
}

function makeCheck(document: OpenApiDocument): ContractCheck {
  // What Ajv would check is the document as one schema, which it is not.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats(ajv);
  ajv.addSchema(document, "api");
  const paths = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`),
  }));

  const validators = new Map<string, ValidateFunction>();
  /** Ajv compiles all that a reference leads to anew each time it is asked. */
  const validatorOf = ($ref: string): ValidateFunction => {
    const known = validators.get($ref) ?? ajv.compile({ $ref });
    validators.set($ref, known);
    return known;
  };

  return async (method, url, response) => {
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
    const validate = validatorOf(`api#/${reference.map(pointer).map(encodeURIComponent).join("/")}`);
    const body = await response.clone().json();
    assert.ok(
      validate(body),
      `${method} ${path} ${response.status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`,
    );
  };
}
