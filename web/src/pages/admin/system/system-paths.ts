import { paths } from "../../../paths.ts";

export const VIEWS = ["overview", "backups", "cache", "control", "log", "about"] as const;
export type ViewName = (typeof VIEWS)[number];

/** The address of a part of this page. */
export const viewPath = (view: ViewName): string =>
  view === "overview" ? paths.system : `${paths.system}/${view}`;

/** The part that an address names; null where there is none. */
export function viewOf(location: string): ViewName | null {
  const path = location.replace(/\/$/, "");
  return VIEWS.find((view) => viewPath(view) === path) ?? null;
}
