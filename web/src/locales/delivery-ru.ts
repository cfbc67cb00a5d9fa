import type { Wording } from "../i18n/messages.ts";
import type { deliveryEn } from "./delivery-en.ts";

export const deliveryRu: Wording<typeof deliveryEn> = {
  title: "Файл для просмотра",
  text: "Чем он меньше, тем раньше появится модель. Сначала уступают текстуры, потом треугольники; исходник не меняется.",
  now: "Сейчас {size}, в исходнике {original}",
  server: "Если ничего не задано, этот сервер держит его в пределах {size}.",
  label: "Не больше",
  choices: { none: "Без ограничения", own: "Другой" },
  own: "Мегабайты",
  invalid: "Введите число от 0,02 до 200.",
  apply: "Сделать файл заново",
  busy: "Делаем файл заново…",
  made: "Готово: {size}",
  failed: "Файл не удалось сделать заново",
};
