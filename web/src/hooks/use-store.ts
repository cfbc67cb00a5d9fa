import { useSyncExternalStore } from "react";
import type { Store } from "./store.ts";

/** The store's value, kept in step with every change. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
