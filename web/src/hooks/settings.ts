import { type Settings, settingsStore } from "./settings-store.ts";
import { useStore } from "./use-store.ts";

export {
  changeSettings,
  getSettings,
  type Language,
  type Settings,
  THEMES,
} from "./settings-store.ts";

/** The visitor's language and theme, kept in step with every change. */
export function useSettings(): Settings {
  return useStore(settingsStore);
}
