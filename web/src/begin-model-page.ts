import type { QueryClient } from "@tanstack/react-query";
import { modelRecordQuery } from "./api/model-record.ts";
import { ModelPage } from "./routes.tsx";
import { hasAccounts } from "./session/has-accounts.ts";
import { beginFile } from "./viewer/early-model.ts";

/** How long the page may stay empty, so that what takes no longer is not preceded by placeholders. */
const PATIENCE_MS = 200;

/**
 * On a model's page: reads the model, its file, which the server named in the HTML, and what draws it before React draws
 * anything. Resolves when the page can be drawn as a whole, or after a moment. Whoever needs what failed tries it
 * again, and tells the visitor what is wrong.
 */
export async function beginModelPage(client: QueryClient): Promise<void> {
  const id = /^\/models\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  const file = document.querySelector('link[rel="preload"][as="fetch"]')?.getAttribute("href");
  if (!id || !file) return;
  // Where people sign in, what is asked for before it is known who asks could be refused.
  if (!hasAccounts) beginFile(file);
  const parts = Promise.allSettled([
    hasAccounts || client.prefetchQuery(modelRecordQuery(id)),
    ModelPage.fetch(),
    import("./pages/model/model-page.tsx").then(({ fetchViewer }) => fetchViewer()),
    import("./viewer/begin-early.ts").then(({ beginEarly }) => beginEarly()),
  ]);
  await Promise.race([parts, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}
