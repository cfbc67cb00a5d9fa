import type { Network } from "../provider.ts";
import { MAX_DEPTH, MODES, TEXTURE_SIZES, TRIANGLES } from "./local-params.ts";

/** The local generator's one network: a solid from the photo's silhouette. */
export const SILHOUETTE: Network = {
  id: "silhouette",
  provider: "local",
  label: { en: "Silhouette (on this machine)", ru: "Силуэт (на этой машине)" },
  photoField: "photo",
  deadlineSeconds: 60,
  guessedRoubles: 0,
  typicalSeconds: { draft: 2, standard: 3, high: 4 },
  params: [
    {
      name: "triangles",
      type: "integer",
      default: TRIANGLES.default,
      min: TRIANGLES.min,
      max: TRIANGLES.max,
      step: 1000,
      label: { en: "Triangles", ru: "Треугольники" },
      help: {
        en: "How finely the surface is divided. More shows more relief and makes a larger file.",
        ru: "Насколько мелко разбита поверхность. Чем больше, тем подробнее рельеф и тяжелее файл.",
      },
    },
    {
      name: "texture_size",
      type: "choice",
      default: 1024,
      choices: TEXTURE_SIZES,
      label: { en: "Texture size, pixels", ru: "Размер текстуры, пиксели" },
      help: {
        en: "The longest side of the picture on the model.",
        ru: "Длинная сторона изображения, натянутого на модель.",
      },
    },
    {
      name: "depth",
      type: "number",
      default: 0,
      min: 0,
      max: MAX_DEPTH,
      step: 0.05,
      label: { en: "Depth, share of the width", ru: "Глубина, доля ширины" },
      help: {
        en: "A photo does not show the depth. 0 lets the generator guess it; 0.5 is half as deep as wide.",
        ru: "На фото глубины не видно. 0: генератор оценит её сам; 0,5: глубина вдвое меньше ширины.",
      },
    },
    {
      name: "mode",
      type: "choice",
      default: "auto",
      choices: [...MODES],
      label: { en: "What to make", ru: "Что сделать" },
      help: {
        en: "object: the object without its background. relief: a panel with the whole picture. auto: an object where one is found.",
        ru: "object: предмет без фона. relief: панель со всей картинкой. auto: предмет, если он найден.",
      },
    },
    {
      name: "box",
      type: "box",
      default: null,
      label: { en: "Box around the object", ru: "Рамка вокруг предмета" },
      help: {
        en: "Draw a box when the wrong thing was cut out; everything outside it counts as background.",
        ru: "Обведите предмет рамкой, если вырезано не то; всё вне рамки считается фоном.",
      },
    },
  ],
  presets: {
    draft: { triangles: 20_000, texture_size: 512 },
    standard: { triangles: 30_000, texture_size: 1024 },
    high: { triangles: 60_000, texture_size: 2048 },
  },
};
