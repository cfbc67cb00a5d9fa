import type { Model } from "../../../../server/contract/model.ts";
import type { ShareSubject } from "./share-subject.ts";

/** As many models as one link can show. */
const MOST = 100;

/** What the gallery's share button shows: the chosen tag, or exactly the models that are listed now. */
export function gallerySubject(
  filter: { q: string; tag: string },
  models: readonly Model[],
): ShareSubject | null {
  if (models.length === 0) return null;
  if (filter.tag && !filter.q) return { kind: "tag", tag: filter.tag };
  return { kind: "models", ids: models.slice(0, MOST).map(({ id }) => id) };
}
