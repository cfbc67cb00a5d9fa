import { AppError } from "../errors.ts";

type Exceeded = { scope: "user" | "service"; secondsToReset: number } & (
  | { kind: "generations"; limit: number }
  | { kind: "roubles"; limit: number; used: number; price: number | null }
  | { kind: "unpriced" }
);

const WHOSE = {
  en: { user: "Your limit", service: "The limit of the whole service" },
  ru: { user: "Ваш предел", service: "Предел всего сервиса" },
};

const roubles = (value: number, language: string) =>
  `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)} ₽`;

/** Says which limit, how much of it is used, and when it begins anew. */
export function budgetExceeded(exceeded: Exceeded): AppError {
  const detail = { en: english(exceeded), ru: russian(exceeded) };
  return new AppError("budget-exceeded", { detail, retryAfterSeconds: Math.max(1, exceeded.secondsToReset) });
}

function english(exceeded: Exceeded): string {
  const whose = WHOSE.en[exceeded.scope];
  const inRoubles = (value: number) => roubles(value, "en");
  switch (exceeded.kind) {
    case "generations":
      return exceeded.limit === 1
        ? `${whose} is 1 paid model a day, and it is used. It begins anew at midnight UTC.`
        : `${whose} is ${exceeded.limit} paid models a day, and all of them are used. It begins anew at midnight UTC.`;
    case "roubles": {
      const next = exceeded.price ? `, and one more costs about ${inRoubles(exceeded.price)}` : "";
      return `${whose} is ${inRoubles(exceeded.limit)} a day: ${inRoubles(exceeded.used)} are spent or set aside${next}. It begins anew at midnight UTC.`;
    }
    case "unpriced":
      return "What this network costs is not known yet, so with a limit in roubles only one model at a time is made.";
  }
}

function russian(exceeded: Exceeded): string {
  const whose = WHOSE.ru[exceeded.scope];
  const inRoubles = (value: number) => roubles(value, "ru");
  switch (exceeded.kind) {
    case "generations":
      return `${whose} на день, платных моделей: ${exceeded.limit}. Он исчерпан; новый день начнётся в полночь по UTC.`;
    case "roubles": {
      const next = exceeded.price ? `, а ещё одна модель стоит около ${inRoubles(exceeded.price)}` : "";
      return `${whose} на день — ${inRoubles(exceeded.limit)}: потрачено и отложено ${inRoubles(exceeded.used)}${next}. Новый день начнётся в полночь по UTC.`;
    }
    case "unpriced":
      return "Сколько стоит эта сеть, пока неизвестно, поэтому при пределе в рублях модели делаются по одной.";
  }
}
