import fc, { type Arbitrary } from "fast-check";

/** What openapi.json uses of JSON Schema. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

export type Resolve = (schema: Schema) => Schema;

/** Values of a kind that nobody expects where another kind is wanted. */
const strangeValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, 0.1, "", "null", "0", [], {}, [[]], "\u0000", "\ud800"),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }) as Arbitrary<unknown>,
  fc.constantFrom("__proto__", "constructor").map((key) => JSON.parse(`{"${key}":{"polluted":true}}`)),
  fc.constant("x".repeat(30_000)),
  fc.constant(JSON.parse("[".repeat(200) + "]".repeat(200))),
);

const EMAIL = fc.stringMatching(/^[a-z]{1,12}@[a-z]{1,12}\.(com|org)$/);

/** Ten tries of values that the schema means, to one of others. `known` are ids of things that are there. */
export function arbitraryOf(
  schema: Schema,
  resolve: Resolve,
  known: string[],
  mutates = true,
): Arbitrary<unknown> {
  const meant = meantBy(resolve(schema), resolve, known, mutates);
  return mutates ? fc.oneof({ weight: 10, arbitrary: meant }, { weight: 1, arbitrary: strangeValue }) : meant;
}

function meantBy(schema: Schema, resolve: Resolve, known: string[], mutates: boolean): Arbitrary<unknown> {
  const inner = (part: Schema) => arbitraryOf(part, resolve, known, mutates);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  if (schema.allOf) return inner(Object.assign({}, ...schema.allOf.map(resolve)));
  const [type = "any"] = [schema.type ?? []].flat();
  if (type === "object") return objectOf(schema, inner, mutates);
  if (type === "array") {
    const { minItems = 0, maxItems = 5 } = schema;
    return fc.array(inner(schema.items ?? {}), {
      minLength: minItems,
      maxLength: Math.min(maxItems, minItems + 5),
    });
  }
  if (type === "string") return textOf(schema, known);
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  const { minimum = -1000, maximum = 1000 } = schema;
  if (type === "integer")
    return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) });
  if (type === "number") return fc.double({ min: minimum, max: maximum, noNaN: true });
  return fc.jsonValue({ maxDepth: 2 });
}

function objectOf(
  { properties = {}, required = [] }: Schema,
  inner: (part: Schema) => Arbitrary<unknown>,
  mutates: boolean,
): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, inner(part)]));
  const whole = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
  if (!mutates) return whole;
  const broken = fc.record(fields, { requiredKeys: [] });
  const more = fc.tuple(whole, fc.dictionary(fc.string(), strangeValue, { maxKeys: 3 }));
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: more.map(([value, extra]) => ({ ...(value as object), ...extra })) },
  );
}

function textOf({ format, minLength = 0, maxLength = 60 }: Schema, known: string[]): Arbitrary<string> {
  if (format === "uuid") return fc.oneof(fc.constantFrom(...known), fc.uuid());
  if (format === "email") return EMAIL;
  if (format === "uri") return fc.webUrl();
  const size = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, minLength + 40)) };
  return fc.oneof(
    fc.string(size),
    fc.string({ ...size, unit: "grapheme" }),
    fc.string({ ...size, unit: "binary" }),
  );
}

/** The paths of all strings in a schema, such as `["tags", "0"]`; free ones, of which any text is one. */
export function stringFields(schema: Schema, resolve: Resolve, at: string[] = []): string[][] {
  const known = resolve(schema);
  const parts = known.anyOf ?? known.oneOf ?? known.allOf;
  if (parts) {
    const all = parts.flatMap((part) => stringFields(part, resolve, at));
    return [...new Map(all.map((path) => [path.join("/"), path])).values()];
  }
  if (known.const !== undefined) return [];
  const types = [known.type ?? []].flat();
  if (types.includes("string")) return [at];
  if (types.includes("array") && known.items) return stringFields(known.items, resolve, [...at, "0"]);
  return Object.entries(known.properties ?? {}).flatMap(([name, part]) =>
    stringFields(part, resolve, [...at, name]),
  );
}
