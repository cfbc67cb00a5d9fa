import type { Step } from "./steps.ts";

/**
 * How the fake treats one generation. `accepts` (default true) says whether the create call counts as taken and
 * paid, whatever the client gets to see of it. Of `polls` and `files` one step answers one request; the last stays.
 */
export interface Behaviour {
  accepts?: boolean;
  create?: Step;
  polls?: Step[];
  files?: Step[];
  user?: Step;
}
