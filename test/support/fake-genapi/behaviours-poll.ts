import type { Behaviour } from "./behaviour.ts";
import { type FakeCall, hang, hangInBody, html, json, reset, state, success, text } from "./steps.ts";

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const processing = (progress: number) => state({ status: "processing", progress });
const failing = (fields: Record<string, unknown>): Behaviour => ({
  polls: [processing(20), state({ status: "error", ...fields })],
});
const finishing = (fields: (call: FakeCall) => Record<string, unknown>): Behaviour => ({
  polls: [success(fields)],
});
const preview = (url: string) => url.replace(/\.glb$/, ".png");
const unnamed = (url: string) => url.replace(/\.glb$/, "");

/** What a taken request answers while and after it runs. */
export const pollBehaviours = {
  "error-result": failing({ result: ["Не удалось обработать изображение"] }),
  "error-result-string": failing({ result: "Не удалось обработать изображение" }),
  "error-field": failing({ error: "Не удалось обработать изображение" }),
  "error-object": failing({ error: { message: "Не удалось обработать изображение", code: 17 } }),
  "error-message": failing({ message: "Не удалось обработать изображение" }),
  "error-silent": failing({}),
  "error-temporary": failing({ result: ["Сервис временно недоступен, попробуйте позже"] }),
  "error-params": failing({ result: ["Параметры сформированы некорректно"] }),
  "error-charged": failing({ result: ["Не удалось обработать изображение"], cost: "12.50" }),
  failed: { polls: [state({ status: "failed", result: ["Не удалось обработать изображение"] })] },
  cancelled: { polls: [state({ status: "cancelled" })] },
  completed: { polls: [state(({ resultUrl }) => ({ status: "completed", result: [resultUrl] }))] },

  "poll-404-then-ok": { polls: [json(404, { message: "Not found" }), json(404, {}), done] },
  "poll-419-then-ok": { polls: [json(419, { message: "Too Many" }), done] },
  "poll-429-date-then-ok": {
    polls: [
      (call) => json(429, {}, { "retry-after": new Date(Date.now() + 2000).toUTCString() })(call),
      done,
    ],
  },
  "poll-401-then-ok": { polls: [json(401, { message: "Unauthenticated." }), done] },
  "poll-429-then-ok": { polls: [json(429, { message: "Too Many" }, { "retry-after": "9" }), done] },
  "poll-500-then-ok": { polls: [json(500, { message: "Server Error" }), done] },
  "poll-503-then-ok": { polls: [json(503, {}), done] },
  "poll-html-200-then-ok": { polls: [html(200), done] },
  "poll-html-502-then-ok": { polls: [html(502), done] },
  "poll-malformed-then-ok": { polls: [text(200, '{"status": "succ', "application/json"), done] },
  "poll-empty-then-ok": { polls: [text(200, "", "application/json"), done] },
  "poll-array-then-ok": { polls: [json(200, []), done] },
  "poll-hang-then-ok": { polls: [hang, done] },
  "poll-hang-in-json-then-ok": { polls: [hangInBody("application/json", '{"status": "s'), done] },
  "poll-reset-then-ok": { polls: [reset, done] },

  "result-string": finishing(({ resultUrl }) => ({ result: resultUrl })),
  "result-objects": finishing(({ resultUrl }) => ({ result: [{ url: resultUrl }] })),
  "result-object": finishing(({ resultUrl }) => ({ result: { model_mesh: { url: resultUrl } } })),
  "result-object-model-urls": finishing(({ resultUrl }) => ({
    result: { model_urls: { fbx: "x", glb: resultUrl } },
  })),
  "result-output": finishing(({ resultUrl }) => ({ output: { glb: resultUrl } })),
  "result-full-response": finishing(({ resultUrl }) => ({ result: [], full_response: [{ url: resultUrl }] })),
  "result-full-response-object": finishing(({ resultUrl }) => ({ full_response: { model_glb: resultUrl } })),
  "result-full-response-text": finishing(({ resultUrl }) => ({
    full_response: JSON.stringify([{ url: resultUrl }]),
  })),
  "result-preview-first": finishing(({ resultUrl }) => ({ result: [preview(resultUrl), resultUrl] })),
  "result-without-extension": finishing(({ resultUrl }) => ({ result: [unnamed(resultUrl)] })),
  "result-cost-string": finishing(({ resultUrl }) => ({ result: [resultUrl], cost: "17.5" })),

  "url-late": {
    polls: [success(() => ({ result: [] })), success(() => ({ result: null })), success(() => ({})), done],
  },
  "url-never": { polls: [success(() => ({ result: [] }))] },
  "url-only-preview": { polls: [success(({ resultUrl }) => ({ result: [preview(resultUrl)] }))] },
  "status-unknown": {
    polls: [state({ status: "warming_up", progress: 5 }), state({ status: "warming_up" }), done],
  },
  "status-missing": { polls: [state({ progress: 5 }), done] },
  "status-going-back": {
    polls: [processing(60), state({ status: "starting", progress: 0 }), processing(70), done],
  },
  "progress-wild": {
    polls: [processing(140), processing(-3), state({ status: "processing", progress: "42" }), done],
  },
} satisfies Record<string, Behaviour>;
