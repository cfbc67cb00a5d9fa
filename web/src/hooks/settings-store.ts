import { createStore } from "./store.ts";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  language: Language;
  theme: Theme;
}

const KEY = "photo-to-3d.settings";

function preferredLanguage(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ru" || tag === "en");
  return (known as Language | undefined) ?? "en";
}

function readStored(): Partial<Record<keyof Settings, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function writeStored(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is blocked or full: the choice lasts until the page is closed.
  }
}

function initialSettings(): Settings {
  const stored = readStored();
  return {
    language:
      LANGUAGES.find((language) => language === stored.language) ?? preferredLanguage(navigator.languages),
    theme: THEMES.find((theme) => theme === stored.theme) ?? "auto",
  };
}

function applyToDocument({ language, theme }: Settings): void {
  document.documentElement.lang = language;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The visitor's language and theme, without React: the page behind a share link has none. */
export const settingsStore = createStore(initialSettings());
applyToDocument(settingsStore.get());

export function getSettings(): Settings {
  return settingsStore.get();
}

/** Changes a setting, shows it at once and keeps it where the browser allows. */
export function changeSettings(change: Partial<Settings>): void {
  settingsStore.update((settings) => ({ ...settings, ...change }));
  applyToDocument(settingsStore.get());
  writeStored(settingsStore.get());
}
