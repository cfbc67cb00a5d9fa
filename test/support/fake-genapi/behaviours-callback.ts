import type { Behaviour } from "./behaviour.ts";
import { type FakeCall, started, state, success } from "./steps.ts";

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const finished = ({ generation, resultUrl }: FakeCall) => ({
  request_id: generation?.id,
  status: "success",
  result: [resultUrl],
});

/** Where GenAPI calls us; without a `callback_url` in the create call nobody is called. */
export const callbackBehaviours = {
  callback: {
    create: async (call) => {
      await started()(call);
      await call.callBack(finished(call));
    },
    polls: [done],
  },
  "callback-twice": {
    create: async (call) => {
      await started()(call);
      await call.callBack(finished(call));
      await call.callBack(finished(call));
    },
    polls: [done],
  },
  "callback-before-answer": {
    create: async (call) => {
      await call.callBack(finished(call));
      await started()(call);
    },
    polls: [done],
  },
  "callback-after-reset": {
    create: async (call) => {
      call.request.socket.resetAndDestroy();
      await call.callBack(finished(call));
    },
    polls: [done],
  },
  "callback-forged": {
    create: async (call) => {
      await started()(call);
      await call.callBack({ request_id: 1, status: "success", result: ["https://example.com/forged.glb"] });
    },
    polls: [state({ status: "processing", progress: 50 }), done],
  },
  "callback-conflicting": {
    create: async (call) => {
      await started()(call);
      await call.callBack({ request_id: call.generation?.id, status: "error", result: ["Ошибка"] });
    },
    polls: [done],
  },
} satisfies Record<string, Behaviour>;
