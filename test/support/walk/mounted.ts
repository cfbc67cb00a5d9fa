import type { Express } from "express";

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean>; stack: { method?: string }[] };
  handle: { stack?: Layer[] };
}

/** Method and path of all that a request can reach; the 405 of known paths is left out. */
export function mountedRoutes(app: Express): string[] {
  const found = new Set<string>();
  const visit = (layers: Layer[]) => {
    for (const { route, handle } of layers) {
      if (handle.stack && !route) visit(handle.stack);
      if (!route) continue;
      for (const path of [route.path].flat()) {
        for (const { method } of route.stack) if (method) found.add(`${method.toUpperCase()} ${path}`);
      }
    }
  };
  visit((app.router as unknown as { stack: Layer[] }).stack);
  return [...found];
}
