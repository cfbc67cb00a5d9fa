import type { Shared, SharedModel } from "../contract/share.ts";
import type { Locale } from "../http/locale.ts";

const UNITS = { mm: "millimeter", cm: "centimeter", m: "meter", in: "inch" } as const;

/** True size for people: "200 × 90 × 85 cm", length × width × height. */
function sizeWords({ dimensions }: SharedModel, locale: Locale): string {
  const { length, width, height, unit } = dimensions;
  const fraction = { maximumFractionDigits: 2 };
  const plain = new Intl.NumberFormat(locale, fraction);
  const withUnit = new Intl.NumberFormat(locale, {
    ...fraction,
    style: "unit",
    unit: UNITS[unit],
    unitDisplay: "short",
  });
  return [plain.format(length), plain.format(width), withUnit.format(height)].join(" × ");
}

const COUNTED = {
  en: { one: "model", other: "models" } as Record<string, string>,
  ru: { one: "модель", few: "модели", many: "моделей", other: "модели" } as Record<string, string>,
};

const WORDS = {
  en: {
    gallery: "3D models",
    model: (size: string) => `3D model, ${size}. Turn it around, or see it in your room at its real size.`,
    models: (count: string) =>
      `${count} in 3D. Turn them around, or see them in your room at their real size.`,
  },
  ru: {
    gallery: "3D-модели",
    model: (size: string) =>
      `3D-модель, ${size}. Покрутите её или посмотрите у себя в комнате в настоящем размере.`,
    models: (count: string) =>
      `${count} в 3D. Покрутите их или посмотрите у себя в комнате в настоящем размере.`,
  },
};

/** Title and description of a link, as messengers and search fields show them. */
export function shareWords(
  { title, models }: Shared,
  isGallery: boolean,
  locale: Locale,
): { title: string; description: string } {
  const words = WORDS[locale];
  if (!isGallery) return { title: models[0].name, description: words.model(sizeWords(models[0], locale)) };
  const noun = COUNTED[locale][new Intl.PluralRules(locale).select(models.length)];
  return { title: title ?? words.gallery, description: words.models(`${models.length} ${noun}`) };
}
