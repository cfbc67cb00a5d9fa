import type { Behaviour } from "./behaviour.ts";
import { type FakeCall, html, json, redirect } from "./steps.ts";

const unauthenticated = json(401, { message: "Unauthenticated." });
/** Both by one reading of the clock: Node's own `Date` may be some seconds old where the process stood still. */
const inSeconds = (seconds: number) => {
  const now = Date.now();
  const date = new Date(now).toUTCString();
  return { date, "retry-after": new Date(now + seconds * 1000).toUTCString() };
};
const busy = { message: "Too Many Attempts." };

/** Create calls that are definitely not taken. */
export const refuseBehaviours = {
  unauthorized: {
    accepts: false,
    create: unauthenticated,
    polls: [unauthenticated],
    user: unauthenticated,
  },
  "balance-too-low": { accepts: false, create: json(402, { message: "Недостаточно средств на балансе" }) },
  forbidden: { accepts: false, create: json(403, { message: "This action is unauthorized." }) },
  "network-missing": { accepts: false, create: json(404, { message: "Network not found" }) },
  "network-missing-html": { accepts: false, create: html(404) },
  "bad-request": { accepts: false, create: json(400, { error: "Параметры сформированы некорректно" }) },
  "invalid-genapi": {
    accepts: false,
    create: json(422, { error: true, errors_validation: { image_url: ["Файл должен быть изображением."] } }),
  },
  "invalid-laravel": {
    accepts: false,
    create: json(422, {
      message: "The given data was invalid.",
      errors: { image_url: ["The image url field is required."] },
    }),
  },
  "busy-419": { accepts: false, create: json(419, busy) },
  "busy-419-seconds": { accepts: false, create: json(419, busy, { "retry-after": "7" }) },
  "busy-419-date": {
    accepts: false,
    create: (call) => json(419, busy, inSeconds(30))(call),
  },
  "busy-429": { accepts: false, create: json(429, busy) },
  "busy-429-seconds": { accepts: false, create: json(429, busy, { "retry-after": "7" }) },
  "busy-429-date": {
    accepts: false,
    create: (call) => json(429, busy, inSeconds(30))(call),
  },
  "create-redirect": { accepts: false, create: redirect(({ apiUrl }: FakeCall) => `${apiUrl}/other`, 301) },
  "create-redirect-302": { accepts: false, create: redirect(({ apiUrl }: FakeCall) => `${apiUrl}/other`) },
  "echoes-key": {
    accepts: false,
    create: json(403, ({ request }: FakeCall) => ({ message: `No: ${request.headers.authorization}` })),
  },
} satisfies Record<string, Behaviour>;
