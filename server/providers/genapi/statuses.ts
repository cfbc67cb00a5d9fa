/** Statuses that were seen: the first of each list in payloads, the others only in clients' code. */
const SUCCESS = ["success", "completed"];
const FAILURE = ["error", "failed", "cancelled", "canceled"];
const RUNNING = ["starting", "processing", "pending", "queued"];

const isIn = (list: readonly string[]) => (status: string | null) => status !== null && list.includes(status);

export const isSuccess = isIn(SUCCESS);
export const isFailure = isIn(FAILURE);
export const isRunning = isIn(RUNNING);
