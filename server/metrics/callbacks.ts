import { Counter, type Registry } from "prom-client";
import type { CallbackResult } from "../services/callbacks.ts";

const RESULTS: CallbackResult[] = ["woke", "repeated", "malformed", "conflicting", "unknown-nonce"];

/** Calls of providers to this process. */
export function callbackMetrics(registry: Registry) {
  const callbacks = new Counter({
    name: "photo_to_3d_callbacks_total",
    help: "Calls of GenAPI to this process by what they were; none is believed without asking back.",
    labelNames: ["result"],
    registers: [registry],
  });
  for (const result of RESULTS) callbacks.inc({ result }, 0);
  return (result: CallbackResult): void => callbacks.inc({ result });
}
