import type { ParamSpec, ParamValue, ParamValues, Preset } from "../contract/provider.ts";
import { AppError } from "../errors.ts";
import type { Network } from "./provider.ts";

/**
 * The full set of a network's parameters: its defaults, over them the preset, over that the caller's own values.
 * Throws `invalid-params` with one entry per wrong parameter.
 */
export function resolveParams(
  network: Pick<Network, "params" | "presets">,
  preset: Preset | null,
  params: ParamValues,
): ParamValues {
  const specs = new Map(network.params.map((spec) => [spec.name, spec]));
  const errors: { path: string; message: string }[] = [];
  for (const [name, value] of Object.entries(params)) {
    const spec = specs.get(name);
    const message = spec ? faultOf(spec, value) : unknownName(name, specs);
    if (message) errors.push({ path: `params.${name}`, message });
  }
  if (preset && !network.presets[preset]) {
    errors.push({ path: "preset", message: `This network has no preset "${preset}".` });
  }
  if (errors.length > 0) throw new AppError("invalid-params", { errors });
  const defaults = Object.fromEntries(network.params.map((spec) => [spec.name, spec.default]));
  return { ...defaults, ...(preset ? network.presets[preset] : {}), ...params };
}

function unknownName(name: string, specs: Map<string, ParamSpec>): string {
  const names = [...specs.keys()].join(", ");
  return `There is no parameter "${name}". ${names ? `Known: ${names}.` : "This network takes none."}`;
}

/** What is wrong with a value, or null. */
function faultOf(spec: ParamSpec, value: ParamValue): string | null {
  if (value === null)
    return spec.default === null ? null : "Leave it out to get the default; null is no value.";
  switch (spec.type) {
    case "choice":
      return spec.choices?.some((choice) => choice === value)
        ? null
        : `Must be one of ${spec.choices?.join(", ")}.`;
    case "box":
      return isBox(value) ? null : "Must be { x, y, width, height } in fractions of the photo, inside it.";
    case "integer":
      if (!Number.isSafeInteger(value)) return "Must be a whole number.";
      return rangeFault(spec, value as number);
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) return "Must be a number.";
      return rangeFault(spec, value);
  }
}

function rangeFault({ min = -Infinity, max = Infinity }: ParamSpec, value: number): string | null {
  if (value >= min && value <= max) return null;
  if (max === Infinity) return `Must be at least ${min}.`;
  if (min === -Infinity) return `Must be at most ${max}.`;
  return `Must be between ${min} and ${max}.`;
}

/** A few thousandths of slack, because a drawn box is rounded by the page. */
const SLACK = 0.005;

function isBox(value: ParamValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { x, y, width, height, ...rest } = value;
  const sides = [x, y, width, height];
  return (
    Object.keys(rest).length === 0 &&
    sides.every((side) => Number.isFinite(side) && side >= 0 && side <= 1) &&
    width > 0 &&
    height > 0 &&
    x + width <= 1 + SLACK &&
    y + height <= 1 + SLACK
  );
}
