import type { Wording } from "../i18n/messages.ts";
import type { compareEn } from "./compare-en.ts";

/** Тексты страницы с двумя моделями рядом. */
export const compareRu: Wording<typeof compareEn> = {
  compare: {
    title: "Сравнить две модели",
    hint: "Обе движутся вместе. В одном масштабе видно, какая на самом деле больше.",
    linked: "Двигать вместе",
    sameScale: "Один масштаб",
    swap: "Поменять местами",
    choose: "Выберите модель",
    change: "Другая модель",
    first: "Левая модель",
    second: "Правая модель",
    search: "Поиск моделей",
    results: "Модели на выбор",
    loading: "Ищем модели",
    none: "Ничего не нашлось.",
    failed: "Список моделей не загрузился.",
    gone: "Эту модель показать нельзя. Выберите другую.",
    size: "Размер {size}",
    open: "Открыть модель",
  },
};
