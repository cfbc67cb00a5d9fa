import { setConsoleFunction } from "three";

/** Fiber 9 makes a clock for each canvas; three warns of the class, and nobody here can do without it. */
const NOT_OURS = "THREE.Clock: This module has been deprecated";

/** Passes on what three says, but for what cannot be helped here. */
export function quietThree(): void {
  setConsoleFunction((type, message, ...params) => {
    if (!message.startsWith(NOT_OURS)) console[type](message, ...params);
  });
}
