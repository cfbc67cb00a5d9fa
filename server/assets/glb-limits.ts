import { GlbProblem } from "./glb-problem.ts";

export const MAX_GLB_BYTES = 200_000_000;
/** What all accessors, or all compressed views, may unpack to. */
const MAX_UNPACKED_BYTES = 512_000_000;
/** What a process takes by itself, and work on a model for each byte that its geometry unpacks to, as measured. */
const OWN_BYTES = 200_000_000;
const WORK_FACTOR = 16;
/** So much is taken wherever the product runs at all. */
const SMALL_BYTES = 8_000_000;
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

/** What a model may unpack to in this memory, bytes; 0 is no bound. In a container it is less than the machine has. */
function mostUnpacked(memoryBytes: number): number {
  const room = memoryBytes > 0 ? (memoryBytes - OWN_BYTES) / WORK_FACTOR : MAX_UNPACKED_BYTES;
  return Math.floor(Math.min(MAX_UNPACKED_BYTES, Math.max(SMALL_BYTES, room)));
}

/**
 * Refuses what would need outside files, unknown decoders or too much memory, before anything is unpacked: a process
 * that goes beyond the bound of its container is killed, with everybody's work, and killed again where it is repeated.
 * @throws GlbProblem
 */
export function assertGlbLimits(json: Json, memoryBytes = process.constrainedMemory()): void {
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
  const most = mostUnpacked(memoryBytes);
  if (accessorBytes(json) > most || compressedViewBytes(json) > most) {
    const megabytes = Math.floor(most / 1_000_000);
    throw tooLarge(
      `its geometry unpacks to more than the ${megabytes} MB that this server has memory for`,
      `её геометрия занимает больше ${megabytes} МБ, на большее у этого сервера нет памяти`,
    );
  }
  const outside = [...objects(json.buffers), ...objects(json.images)].find(({ uri }) => uri !== undefined);
  if (outside) {
    throw new GlbProblem({
      en: "The model refers to files outside itself; export it as one GLB with everything embedded.",
      ru: "Модель ссылается на внешние файлы; экспортируйте её одним GLB, где всё внутри.",
    });
  }
}
