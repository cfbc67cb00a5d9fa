import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Ошибки входа, учётных записей и ключей. */
export const ACCOUNTS_RU = {
  "sign-in-required": {
    title: "Сначала войдите",
    detail: "Этот адрес — для участников, а запрос никого не называет.",
    suggestion: "Войдите или пришлите Authorization: Bearer с токеном доступа или ключом API.",
  },
  "token-invalid": {
    title: "Вход недействителен",
    detail: "Такой токен или ключ здесь неизвестен, изменён по пути или отозван.",
    suggestion: "Войдите заново или возьмите другой ключ API.",
  },
  "token-expired": {
    title: "Срок входа истёк",
    detail: "Токен доступа действует 15 минут.",
    suggestion: "Получите новый через POST /api/v1/auth/refresh или войдите заново.",
  },
  "api-key-expired": {
    title: "Срок ключа API истёк",
    detail: "Ключ действовал ограниченное время, и это время вышло.",
    suggestion: "Создайте новый ключ на странице своей учётной записи.",
  },
  "api-key-limit": {
    title: "Ключей API слишком много",
    detail: "У одного человека может быть 50 ключей API.",
    suggestion: "Отзовите тот, который больше не нужен.",
  },
  "not-allowed": {
    title: "Недостаточно прав",
    detail: "Ваша роль или область ключа API этого не разрешает.",
    suggestion: "Обратитесь к администратору или возьмите ключ с нужной областью.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
