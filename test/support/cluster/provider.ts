import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "../fake-genapi/behaviour.ts";
import { type FakeCall, started, success } from "../fake-genapi/steps.ts";

const WORK_MS = 500;
const CALLS = 10;
const BETWEEN_CALLS_MS = 1000;

const resultOf = ({ resultUrl }: FakeCall) => [resultUrl];

/** Calls until somebody says that it was heard. The end of a test does not wait for that. */
async function callBack(call: FakeCall): Promise<void> {
  const { id, callbackUrl } = call.generation!;
  const body = JSON.stringify({ request_id: id, status: "success", result: resultOf(call) });
  const headers = { "Content-Type": "application/json" };
  await sleep(WORK_MS, undefined, { ref: false });
  for (let turn = 0; callbackUrl && turn < CALLS; turn++) {
    const response = await fetch(callbackUrl, { method: "POST", headers, body }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(BETWEEN_CALLS_MS, undefined, { ref: false });
  }
}

/** A provider that works half a second and then calls: so work whose answer got lost with a server is known again. */
export const CALLS_WHEN_DONE: Behaviour = {
  create(call) {
    void callBack(call);
    return started()(call);
  },
  polls: [success((call) => ({ result: resultOf(call) }))],
};
