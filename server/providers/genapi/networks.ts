import type { ParamSpec } from "../../contract/provider.ts";
import type { Network } from "../provider.ts";

const TRELLIS_PARAMS: ParamSpec[] = [
  {
    name: "ss_guidance_strength",
    type: "number",
    default: 7.5,
    min: 0,
    max: 10,
    step: 0.1,
    label: { en: "Shape guidance", ru: "Следование форме" },
    help: {
      en: "How closely the shape follows the photo.",
      ru: "Насколько точно форма повторяет фотографию.",
    },
  },
  {
    name: "ss_sampling_steps",
    type: "integer",
    default: 12,
    min: 1,
    max: 50,
    step: 1,
    label: { en: "Shape steps", ru: "Шаги формы" },
    help: { en: "More steps: better shape, longer wait.", ru: "Больше шагов: лучше форма, дольше ждать." },
  },
  {
    name: "slat_guidance_strength",
    type: "number",
    default: 3,
    min: 0,
    max: 10,
    step: 0.1,
    label: { en: "Detail guidance", ru: "Следование деталям" },
    help: {
      en: "How closely details and colours follow the photo.",
      ru: "Насколько точно детали и цвета повторяют фотографию.",
    },
  },
  {
    name: "slat_sampling_steps",
    type: "integer",
    default: 12,
    min: 1,
    max: 50,
    step: 1,
    label: { en: "Detail steps", ru: "Шаги деталей" },
    help: { en: "More steps: finer details, longer wait.", ru: "Больше шагов: тоньше детали, дольше ждать." },
  },
  {
    name: "mesh_simplify",
    type: "number",
    default: 0.95,
    min: 0.9,
    max: 0.98,
    step: 0.01,
    label: { en: "Simplification", ru: "Упрощение сетки" },
    help: {
      en: "Share of triangles that is removed; 0.90 keeps the most.",
      ru: "Доля удаляемых треугольников; 0,90 сохраняет больше всего.",
    },
  },
  {
    name: "texture_size",
    type: "choice",
    default: 1024,
    choices: [512, 1024, 2048],
    label: { en: "Texture size", ru: "Размер текстуры" },
    help: { en: "Side of the texture in pixels.", ru: "Сторона текстуры в пикселях." },
  },
  {
    name: "seed",
    type: "integer",
    default: null,
    min: 0,
    max: 2_147_483_647,
    step: 1,
    label: { en: "Seed", ru: "Зерно" },
    help: {
      en: "The same number gives a similar model again; empty means random.",
      ru: "То же число снова даёт похожую модель; пусто — случайное.",
    },
  },
];

/** Microsoft's image-to-3D network as GenAPI hosts it. GenAPI publishes no price that could be read here. */
export const TRELLIS: Network = {
  provider: "genapi",
  id: "trellis",
  label: { en: "Trellis", ru: "Trellis" },
  photoField: "image_url",
  deadlineSeconds: 1800,
  params: TRELLIS_PARAMS,
  presets: {
    draft: { ss_sampling_steps: 8, slat_sampling_steps: 8, mesh_simplify: 0.95, texture_size: 512 },
    standard: {},
    high: {
      ss_guidance_strength: 8.5,
      slat_guidance_strength: 4,
      ss_sampling_steps: 50,
      slat_sampling_steps: 50,
      mesh_simplify: 0.9,
      texture_size: 2048,
    },
  },
  // One real generation was seen that cost this.
  guessedRoubles: 17,
  typicalSeconds: { draft: 100, standard: 150, high: 700 },
};

/**
 * A network that an operator names without the catalogue knowing it: the photo goes under `image_url`, the
 * remote defaults decide everything else.
 */
export function unlistedNetwork(id: string): Network {
  return {
    ...TRELLIS,
    id,
    label: { en: id, ru: id },
    guessedRoubles: null,
    params: [],
    presets: { draft: {}, standard: {}, high: {} },
  };
}
