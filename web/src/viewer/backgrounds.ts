/** Choices behind the model; the colours themselves are in the style sheet under `data-background`. */
export const BACKGROUNDS = ["theme", "white", "dark", "transparent"] as const;
export type Background = (typeof BACKGROUNDS)[number];
