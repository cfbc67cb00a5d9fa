import type { Behaviour } from "./behaviour.ts";
import { acceptBehaviours } from "./behaviours-accept.ts";
import { callbackBehaviours } from "./behaviours-callback.ts";
import { fileBehaviours } from "./behaviours-file.ts";
import { pollBehaviours } from "./behaviours-poll.ts";
import { rangeBehaviours } from "./behaviours-range.ts";
import { refuseBehaviours } from "./behaviours-refuse.ts";

/** Everything the fake can be told to do, by name. */
export const BEHAVIOURS = {
  ...acceptBehaviours,
  ...refuseBehaviours,
  ...pollBehaviours,
  ...fileBehaviours,
  ...rangeBehaviours,
  ...callbackBehaviours,
} satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;
