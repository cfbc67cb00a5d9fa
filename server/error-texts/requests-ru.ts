import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of requests as such, and of what the server itself lacks. */
export const REQUESTS_RU = {
  "invalid-request": {
    title: "Запрос составлен неверно",
    detail: "Некоторые поля не указаны или указаны неверно.",
    suggestion: "Исправьте поля, перечисленные в «errors», и отправьте запрос ещё раз.",
  },
  "malformed-json": {
    title: "JSON не читается",
    detail: "Тело запроса — не корректный JSON.",
    suggestion: "Отправьте корректный JSON в кодировке UTF-8.",
  },
  "request-too-large": {
    title: "Запрос слишком большой",
    detail: "JSON больше 100 КБ.",
    suggestion: "Отправьте меньше текста за один раз.",
  },
  "not-found": {
    title: "Здесь ничего нет",
    detail: "По этому адресу ничего нет.",
    suggestion: "Проверьте адрес: возможно, запись удалена.",
  },
  "method-not-allowed": {
    title: "Этот метод здесь недоступен",
    detail: "Адрес существует, но не для этого метода.",
    suggestion: "Смотрите список методов в /docs.",
  },
  "host-not-allowed": {
    title: "Этот адрес не разрешён",
    detail: "Без входа сервер отвечает только программам на своей машине, по адресу localhost.",
    suggestion: "Откройте http://localhost там или включите вход: AUTH=on в настройках сервера.",
  },
  "ops-token-required": {
    title: "Только для администраторов",
    detail: "Этому адресу нужен служебный токен, а он не пришёл или неверен.",
    suggestion: "Пришлите Authorization: Bearer со значением OPS_TOKEN.",
  },
  "cross-origin": {
    title: "Запрос пришёл с другого сайта",
    detail: "Страница с другого адреса попыталась что-то изменить.",
    suggestion: "Откройте сам продукт или добавьте сайт в CORS_ORIGIN.",
  },
  conflict: {
    title: "Сейчас это невозможно",
    detail: "Состояние записи не позволяет это сделать.",
    suggestion: "Обновите страницу и попробуйте снова.",
  },
  "duplicate-generation": {
    title: "Это фото уже отправляли недавно",
    detail: "В течение часа модель по этому фото уже заказали с теми же настройками.",
    suggestion: "Откройте прежнюю или отправьте фото ещё раз, если хотите заплатить за вторую.",
  },
  "idempotency-mismatch": {
    title: "Ключ уже использован для другого запроса",
    detail: "Этот Idempotency-Key относится к другому запросу.",
    suggestion: "Для нового запроса возьмите новый ключ.",
  },
  "precondition-failed": {
    title: "Запись изменилась",
    detail: "Запись изменили после того, как вы её прочитали.",
    suggestion: "Прочитайте её заново и повторите изменение.",
  },
  "upload-missing": {
    title: "Нет фотографии",
    detail: "В запросе нет файла.",
    suggestion: "Отправьте multipart/form-data с файлом в поле «photo».",
  },
  "upload-malformed": {
    title: "Загрузка не читается",
    detail: "Тело multipart повреждено или содержит лишние части.",
    suggestion: "Отправьте один файл «photo» и описанные текстовые поля.",
  },
  "upload-aborted": {
    title: "Загрузка прервалась",
    detail: "Соединение закрылось раньше, чем пришёл весь файл.",
    suggestion: "Отправьте файл ещё раз.",
  },
  "disk-full": {
    title: "Диск заполнен",
    detail: "Для файла нет места; ничего не сохранено.",
    suggestion: "Освободите место на сервере и повторите.",
  },
  overloaded: {
    title: "Сервер занят",
    detail: "Сейчас выполняется слишком много работы.",
    suggestion: "Повторите через несколько секунд.",
  },
  "shutting-down": {
    title: "Сервер перезапускается",
    detail: "Сервер останавливается и не принимает новую работу.",
    suggestion: "Повторите через несколько секунд.",
  },
  "database-unavailable": {
    title: "База данных недоступна",
    detail: "База данных не отвечает.",
    suggestion: "Повторите через несколько секунд.",
  },
  internal: {
    title: "Что-то пошло не так",
    detail: "Произошла непредвиденная ошибка; она в журнале под номером запроса.",
    suggestion: "Повторите; если не поможет, сообщите администратору номер запроса.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
