import { GlbProblem } from "./glb-problem.ts";

export const MAX_GLB_BYTES = 200_000_000;
/** What all accessors, or all compressed views, may unpack to. */
const MAX_UNPACKED_BYTES = 512_000_000;
const MAX_COUNTS: Record<string, number> = {
  nodes: 20_000,
  meshes: 20_000,
  accessors: 100_000,
  bufferViews: 100_000,
  materials: 5_000,
  textures: 1_000,
  images: 256,
  skins: 1_000,
  animations: 1_000,
};
const COMPONENTS: Record<string, number> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};
/** Names of what needs a decoder that this product does not carry. */
const UNSUPPORTED = ["KHR_texture_basisu"];

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const number = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 0);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function tooLarge(what: string, whatRu: string): GlbProblem {
  return new GlbProblem({ en: `The model is too large: ${what}.`, ru: `Модель слишком велика: ${whatRu}.` });
}

/** Bytes that accessors claim once unpacked, four per component, as several may share one view. */
function accessorBytes(json: Json): number {
  return sum(
    objects(json.accessors).map(({ count, type }) => number(count) * (COMPONENTS[String(type)] ?? 16) * 4),
  );
}

function compressedViewBytes(json: Json): number {
  return sum(
    objects(json.bufferViews).map(({ extensions }) => {
      const compression = isObject(extensions) ? extensions.EXT_meshopt_compression : null;
      return isObject(compression) ? number(compression.count) * number(compression.byteStride) : 0;
    }),
  );
}

/**
 * Refuses what would need outside files, unknown decoders or too much memory, before anything is unpacked.
 * @throws GlbProblem
 */
export function assertGlbLimits(json: Json): void {
  for (const name of UNSUPPORTED) {
    if (Array.isArray(json.extensionsUsed) && json.extensionsUsed.includes(name)) {
      throw new GlbProblem({
        en: `The model uses ${name}, which is not supported; export it without this compression.`,
        ru: `Модель использует ${name}, это не поддерживается; экспортируйте её без этого сжатия.`,
      });
    }
  }
  for (const [name, limit] of Object.entries(MAX_COUNTS)) {
    const list = json[name];
    if (Array.isArray(list) && list.length > limit) {
      throw tooLarge(
        `${list.length} ${name}, at most ${limit}`,
        `${name}: ${list.length}, не больше ${limit}`,
      );
    }
  }
  if (accessorBytes(json) > MAX_UNPACKED_BYTES || compressedViewBytes(json) > MAX_UNPACKED_BYTES) {
    throw tooLarge("its geometry unpacks to more than 512 MB", "геометрия занимает больше 512 МБ");
  }
  const outside = [...objects(json.buffers), ...objects(json.images)].find(({ uri }) => uri !== undefined);
  if (outside) {
    throw new GlbProblem({
      en: "The model refers to files outside itself; export it as one GLB with everything embedded.",
      ru: "Модель ссылается на внешние файлы; экспортируйте её одним GLB, где всё внутри.",
    });
  }
}
