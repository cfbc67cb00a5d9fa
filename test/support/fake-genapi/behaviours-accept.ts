import type { Behaviour } from "./behaviour.ts";
import {
  type FakeCall,
  hang,
  hangInBody,
  html,
  json,
  reset,
  started,
  state,
  success,
  text,
} from "./steps.ts";

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const processing = (progress: number) => state({ status: "processing", progress });

/** Seconds of a generation in `realistic`. */
const REALISTIC_SECONDS = 20;

/** Create calls that are taken, however badly the client gets to know. */
export const acceptBehaviours = {
  ok: { polls: [processing(30), done] },
  immediate: {
    create: success(({ generation, resultUrl }) => ({ request_id: generation?.id, result: [resultUrl] })),
    polls: [done],
  },
  progress: { polls: [state({ status: "starting" }), processing(10), processing(55), processing(90), done] },
  realistic: {
    polls: [
      (call) => {
        const seconds = (Date.now() - (call.generation?.createdAt ?? 0)) / 1000;
        const percent = Math.floor((seconds / REALISTIC_SECONDS) * 100);
        const step =
          percent >= 100 ? done : percent < 8 ? state({ status: "starting" }) : processing(percent);
        return step(call);
      },
    ],
  },
  "create-201": { create: started(201), polls: [done] },
  "create-id-string": {
    create: json(200, ({ generation }: FakeCall) => ({
      request_id: String(generation?.id),
      status: "processing",
    })),
    polls: [done],
  },
  "create-id-only": {
    create: json(200, ({ generation }: FakeCall) => ({ id: generation?.id, status: "starting" })),
    polls: [done],
  },
  "create-id-missing": { create: json(200, { model: "trellis", status: "starting" }), polls: [done] },
  "create-success-without-url": {
    create: json(200, ({ generation }: FakeCall) => ({ request_id: generation?.id, status: "success" })),
    polls: [done],
  },
  "create-hang": { create: hang, polls: [done] },
  "create-hang-in-json": { create: hangInBody("application/json", '{"request_id": 4'), polls: [done] },
  "create-reset": { create: reset, polls: [done] },
  "create-html-200": { create: html(200), polls: [done] },
  "create-html-502": { create: html(502), polls: [done] },
  "create-malformed-json": { create: text(200, '{"request_id": ', "application/json"), polls: [done] },
  "create-empty": { create: text(200, "", "application/json"), polls: [done] },
  "create-500": { create: json(500, { message: "Server Error" }), polls: [done] },
  "create-503": { create: json(503, { message: "Service Unavailable" }), polls: [done] },
} satisfies Record<string, Behaviour>;
