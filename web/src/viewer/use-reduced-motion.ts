import { useSyncExternalStore } from "react";

const query = () => matchMedia("(prefers-reduced-motion: reduce)");

function subscribe(listener: () => void) {
  const media = query();
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Whether the visitor asked the system for less motion. */
export const useReducedMotion = (): boolean => useSyncExternalStore(subscribe, () => query().matches);
