import type { ArAdvice } from "../contract/ar.ts";
import type { ModelStats } from "../contract/model.ts";

/**
 * What Scene Viewer and Quick Look together show well. Triangles and the animation's length: Apple's rule for Quick Look
 * (WWDC 2018, "Integrating Apps and Content with AR Quick Look": 100,000 polygons, one set of 2048 × 2048 textures, 10
 * seconds). Vertices, materials, joints, texture coordinates and bytes: Google's for Scene Viewer (I/O 2019, "What's new
 * in ARCore": 30,000 vertices and 10 MB are advice, the joints and the one set of coordinates are firm).
 */
export const AR_LIMITS = {
  triangles: 100_000,
  vertices: 30_000,
  materials: 10,
  textureSide: 2048,
  bytes: 10_000_000,
  animationSeconds: 10,
  joints: 254,
  uvSets: 1,
} as const;

/** How far simplifying for AR may move the surface, as a share of the model's size. */
export const AR_ERROR_BOUND = 0.005;

const english = new Intl.NumberFormat("en");
const russian = new Intl.NumberFormat("ru");
const megabytes = (bytes: number) => Math.round(bytes / 100_000) / 10;

type Advice = Omit<ArAdvice, "text"> & { en: string; ru: string };

function aboutShape({ triangles, vertices, materials, textures }: ModelStats): Advice[] {
  const side = Math.max(0, ...textures.flatMap(({ width, height }) => [width, height]));
  const both: ArAdvice["viewers"] = ["scene-viewer", "quick-look"];
  const found: Advice[] = [];
  if (triangles > AR_LIMITS.triangles) {
    found.push({
      code: "triangles",
      viewers: both,
      limit: AR_LIMITS.triangles,
      actual: triangles,
      en: `The model has ${english.format(triangles)} triangles, phones like at most ${english.format(AR_LIMITS.triangles)}. The files for phones are simplified where that does not show; a model with fewer triangles opens sooner.`,
      ru: `В модели ${russian.format(triangles)} треугольников, телефонам лучше не больше ${russian.format(AR_LIMITS.triangles)}. Файлы для телефонов упрощаются, где это незаметно; модель с меньшим числом треугольников откроется быстрее.`,
    });
  } else if (vertices > AR_LIMITS.vertices) {
    found.push({
      code: "vertices",
      viewers: ["scene-viewer"],
      limit: AR_LIMITS.vertices,
      actual: vertices,
      en: `The model has ${english.format(vertices)} vertices; older Android phones are smooth up to ${english.format(AR_LIMITS.vertices)}. For them choose fewer triangles.`,
      ru: `В модели ${russian.format(vertices)} вершин; старые телефоны на Android показывают плавно до ${russian.format(AR_LIMITS.vertices)}. Для них выберите меньше треугольников.`,
    });
  }
  if (materials > AR_LIMITS.materials) {
    found.push({
      code: "materials",
      viewers: ["scene-viewer"],
      limit: AR_LIMITS.materials,
      actual: materials,
      en: `The model has ${materials} materials, Scene Viewer on Android likes at most ${AR_LIMITS.materials}. Join materials in your 3D program if it opens slowly.`,
      ru: `В модели материалов: ${materials}, Scene Viewer на Android рассчитан на ${AR_LIMITS.materials}. Если модель открывается медленно, объедините материалы в 3D-программе.`,
    });
  }
  if (side > AR_LIMITS.textureSide) {
    found.push({
      code: "texture-size",
      viewers: both,
      limit: AR_LIMITS.textureSide,
      actual: side,
      en: `The largest texture has ${side} pixels a side; phones show at most ${AR_LIMITS.textureSide}, so it is made smaller for them.`,
      ru: `Самая большая текстура — ${side} пикселей по стороне; телефоны показывают до ${AR_LIMITS.textureSide}, для них она уменьшается.`,
    });
  }
  return found;
}

function aboutFeatures(features: NonNullable<ModelStats["features"]>): Advice[] {
  const { animations, animationSeconds, joints, morphTargets, vertexColours, uvSets } = features;
  const found: Advice[] = [];
  if (animations > 1) {
    found.push({
      code: "animations",
      viewers: ["scene-viewer", "quick-look"],
      limit: 1,
      actual: animations,
      en: `The model has ${animations} animations, phones play only the first. Put the one to be seen first.`,
      ru: `В модели анимаций: ${animations}, телефоны проигрывают только первую. Поставьте нужную первой.`,
    });
  }
  if (animationSeconds > AR_LIMITS.animationSeconds) {
    found.push({
      code: "animation-length",
      viewers: ["quick-look"],
      limit: AR_LIMITS.animationSeconds,
      actual: animationSeconds,
      en: `The animation takes ${Math.round(animationSeconds)} seconds; Apple advises at most ${AR_LIMITS.animationSeconds} for Quick Look.`,
      ru: `Анимация длится ${Math.round(animationSeconds)} с; для Quick Look Apple советует не больше ${AR_LIMITS.animationSeconds} с.`,
    });
  }
  if (joints > AR_LIMITS.joints) {
    found.push({
      code: "joints",
      viewers: ["scene-viewer"],
      limit: AR_LIMITS.joints,
      actual: joints,
      en: `The skeleton has ${joints} joints, Scene Viewer on Android takes at most ${AR_LIMITS.joints}. Export the model with fewer joints.`,
      ru: `В скелете суставов: ${joints}, Scene Viewer на Android принимает до ${AR_LIMITS.joints}. Экспортируйте модель с меньшим числом суставов.`,
    });
  }
  if (morphTargets) {
    found.push({
      code: "morph-targets",
      viewers: ["quick-look"],
      limit: null,
      actual: null,
      en: "The model changes its shape by morph targets, Quick Look on iPhone shows it at rest.",
      ru: "Форма модели меняется морф-целями; Quick Look на iPhone покажет её в покое.",
    });
  }
  if (vertexColours) {
    found.push({
      code: "vertex-colours",
      viewers: ["quick-look"],
      limit: null,
      actual: null,
      en: "The model is coloured by its vertices, which Quick Look on iPhone does not show. Bake the colours into a texture in your 3D program.",
      ru: "Модель раскрашена по вершинам, Quick Look на iPhone этого не показывает. Запеките цвета в текстуру в 3D-программе.",
    });
  }
  if (uvSets > AR_LIMITS.uvSets) {
    found.push({
      code: "uv-sets",
      viewers: ["scene-viewer", "quick-look"],
      limit: AR_LIMITS.uvSets,
      actual: uvSets,
      en: `The model has ${uvSets} sets of texture coordinates, phones read one; some textures may lie wrong.`,
      ru: `В модели наборов текстурных координат: ${uvSets}, телефоны читают один; часть текстур может лечь неверно.`,
    });
  }
  return found;
}

/**
 * What the AR viewers of phones may not like about a model.
 * @param fileBytes of the AR files that exist already
 */
export function arAdvice(stats: ModelStats, fileBytes: number[]): ArAdvice[] {
  const largest = Math.max(0, ...fileBytes);
  const found = [...aboutShape(stats), ...(stats.features ? aboutFeatures(stats.features) : [])];
  if (largest > AR_LIMITS.bytes) {
    found.push({
      code: "file-size",
      viewers: ["scene-viewer", "quick-look"],
      limit: AR_LIMITS.bytes,
      actual: largest,
      en: `The AR file has ${megabytes(largest)} MB; over 10 MB it opens slowly on a phone. Use smaller textures or fewer triangles.`,
      ru: `Файл для AR занимает ${megabytes(largest)} МБ; больше 10 МБ на телефоне открывается медленно. Возьмите текстуры меньше или меньше треугольников.`,
    });
  }
  return found.map(({ en, ru, ...advice }) => ({ ...advice, text: { en, ru } }));
}
