import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of webhooks and share links. */
export const LINKS_RU = {
  "webhook-url-not-allowed": {
    title: "Такой адрес вебхука невозможен",
    detail: "На этот адрес нельзя отправлять.",
    suggestion: "Укажите адрес https, доступный из интернета.",
  },
  "webhook-limit": {
    title: "Вебхуков слишком много",
    detail: "У вас уже 20 вебхуков, больше нельзя.",
    suggestion: "Удалите ненужный или измените его адрес и события.",
  },
  "webhook-disabled": {
    title: "Вебхук отключён",
    detail: "Пока вебхук отключён, на него ничего не отправляется.",
    suggestion: "Включите его и отправьте снова.",
  },
  "share-not-found": {
    title: "Ссылка не работает",
    detail: "Такой ссылки нет, или её отозвали.",
    suggestion: "Проверьте, целиком ли скопирована ссылка, или попросите новую у того, кто её прислал.",
  },
  "share-expired": {
    title: "Срок ссылки истёк",
    detail: "Ссылка действовала ограниченное время, и оно закончилось.",
    suggestion: "Попросите новую ссылку у того, кто её прислал.",
  },
  "share-model-removed": {
    title: "Модели здесь больше нет",
    detail: "Владелец удалил модель, на которую вела ссылка.",
    suggestion: "Спросите того, кто прислал ссылку.",
  },
  "share-limit": {
    title: "Ссылок слишком много",
    detail: "На одну модель может быть 20 ссылок, а всего — 500.",
    suggestion: "Отзовите ненужную или измените её срок и сайты.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
