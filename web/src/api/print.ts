import type { PrintCheck, PrintRepair } from "../../../server/contract/print.ts";
import { API, request } from "./client.ts";

/** Whether a model prints as it is; a large one takes the server some seconds. */
export function checkPrint(modelId: string): Promise<PrintCheck> {
  return request(`${API}/models/${modelId}/print-check`);
}

/** Has the server repair a copy for printing; answers what was done. */
export function repairPrint(modelId: string): Promise<PrintRepair> {
  return request(`${API}/models/${modelId}/print-repair`);
}
