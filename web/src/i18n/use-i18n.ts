import { en } from "../locales/en.ts";
import { ru } from "../locales/ru.ts";
import { createDictionary } from "./dictionary.ts";
import type { MessageKey } from "./messages.ts";

const words = createDictionary<typeof en>(en, ru);

export type Key = MessageKey<typeof en>;
export type Translate = ReturnType<typeof words.translator>;

/** The translator for code outside of components; components use `useI18n`. */
export const translator = words.translator;

/** `t` looks a message up in the visitor's language: `t("gallery.count", { count: 3 })`. */
export const useI18n = words.useWords;
