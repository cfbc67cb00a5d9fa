import { arRu } from "../ar/ar-ru.ts";
import type { Wording } from "../i18n/messages.ts";
import type { shareEn } from "./share-en.ts";

export const shareRu: Wording<typeof shareEn> = {
  ...arRu,
  product: "Фото в 3D",
  made: "Показано в сервисе «{product}»",
  size: "Настоящий размер",
  sizeAssumed: "Примерный размер, не измерен",
  measures: "Длина × ширина × высота",
  until: "Ссылка работает до {day}",
  language: "In English",
  theme: "Тёмная или светлая",
  poster: "{name}, изображение 3D-модели",
  show: "Показать в 3D",
  showSize: "Показать в 3D ({size})",
  loading: "Загружаем 3D…",
  viewerFailed: "3D не загрузилось. Проверьте связь и попробуйте снова.",
  retry: "Попробовать снова",
  full: "Открыть страницу целиком",
  scanTitle: "Посмотреть в комнате",
  qr: "QR-код со ссылкой на эту страницу",
  onlyHere:
    "Этот адрес есть только на этом компьютере: телефон его не откроет. Владелец может настроить публичный адрес.",
  link: "Ссылка на эту страницу",
  copy: "Скопировать ссылку",
  copied: "Скопировано",
  download: "Скачать",
  glb: "GLB для 3D-программ",
  usdz: "USDZ для iPhone и iPad",
  gallery: "3D-модели",
  count: { one: "{count} модель", few: "{count} модели", many: "{count} моделей", other: "{count} модели" },
  all: "Все модели",
  goneTitle: "Ссылка больше не работает",
  gone: "Её отозвали, она истекла или скопирована не целиком. Попросите у того, кто её прислал, новую.",
  offlineTitle: "Нет связи",
  offline: "Страница не загрузилась. Проверьте связь и попробуйте снова.",
};
