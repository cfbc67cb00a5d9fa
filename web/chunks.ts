interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

const THREE = /[\\/]node_modules[\\/]three[\\/]/;
const answers = new Map<string, boolean>();

/** Whether a module cannot run without three.js. */
function needsThree(id: string, modules: Modules): boolean {
  const known = answers.get(id);
  if (known !== undefined) return known;
  answers.set(id, false);
  const needs =
    THREE.test(id) ||
    (modules.getModuleInfo(id)?.importedIds ?? []).some((imported) => needsThree(imported, modules));
  answers.set(id, needs);
  return needs;
}

/**
 * Few files, because a browser asks one server for six at a time: what every view needs, what the first view adds where
 * models cost money, what several views share, the viewer with three.js, and one for each other view.
 */
export const CHUNKS = [
  { name: "first", tags: ["$initial" as const], priority: 4 },
  { name: "money", test: /[\\/]money(?:[\\/]|-(?:en|ru)\.ts)/, minShareCount: 2, priority: 3 },
  {
    debugName: "shared",
    name: (id: string, modules: Modules) => (needsThree(id, modules) ? null : "shared"),
    minShareCount: 2,
    priority: 2,
  },
  {
    debugName: "viewer",
    name: (id: string, modules: Modules) => (needsThree(id, modules) ? "viewer" : null),
    priority: 1,
  },
];
