import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import { type FakeCall, started, state, success } from "../support/fake-genapi/steps.ts";
import type { PendingCalls } from "./pending-calls.ts";

const SHORT_MS = 1_500;
const LONG_MS = 4_500;
/** What forged calls name. */
export const FORGED_ID = 1;

/** The end of the test does not wait for a call. */
const UNHELD = { ref: false };

const running = state({ status: "processing", progress: 30 });

/** More than a lease: work whose answer got lost is known to be lost before the call comes. */
const LATE_MS = 20_000;

/**
 * Works a while, longer where the server never got the answer; calls when it is done: once, twice, before its answer,
 * or after a forged or a contradicting call.
 */
export function slowWork(
  fileUrl: string,
  { lostAnswers, pending }: { lostAnswers: ReadonlySet<string>; pending: PendingCalls },
): Behaviour {
  const workMs = ({ generation }: FakeCall) => {
    if (generation!.callbackUrl && lostAnswers.has(String(generation!.id))) return LATE_MS;
    return generation!.id % 3 === 0 ? LONG_MS : SHORT_MS;
  };
  const resultOf = ({ generation }: FakeCall) => [`${fileUrl}/files/${generation?.id}.glb`];
  const done = success((call) => ({ result: resultOf(call) }));
  const call = async (call: FakeCall) => {
    const { id } = call.generation!;
    const truth = { request_id: id, status: "success", result: resultOf(call) };
    await sleep(workMs(call), undefined, UNHELD);
    const moreMs = call.generation!.createdAt + workMs(call) - Date.now();
    if (moreMs > 0) await sleep(moreMs, undefined, UNHELD);
    if (id % 5 === 0) await call.callBack({ request_id: FORGED_ID, status: "success", result: ["x"] });
    if (id % 5 === 1) await call.callBack({ request_id: id, status: "error", result: ["Ошибка"] });
    await call.callBack(truth);
    if (id % 5 === 2) await call.callBack(truth);
  };
  return {
    async create(fakeCall) {
      const isEarly = fakeCall.generation!.id % 7 === 0;
      if (isEarly) await fakeCall.callBack({ request_id: fakeCall.generation!.id, status: "processing" });
      // The answer never waits for the calls, and a call that nobody takes is no fault of the fake.
      const { callbackUrl } = fakeCall.generation!;
      if (callbackUrl) pending.during(callbackUrl, () => call(fakeCall)).catch(() => undefined);
      return started()(fakeCall);
    },
    polls: [
      (fakeCall) =>
        (Date.now() - fakeCall.generation!.createdAt < workMs(fakeCall) ? running : done)(fakeCall),
    ],
  };
}
