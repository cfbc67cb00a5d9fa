import { useSyncExternalStore } from "react";
import { getSettings, type Settings, subscribeToSettings } from "./settings-store.ts";

/** The visitor's language and theme, kept in step with every change. */
export function useSettings(): Settings {
  return useSyncExternalStore(subscribeToSettings, getSettings);
}
