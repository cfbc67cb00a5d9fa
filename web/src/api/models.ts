import type { z } from "zod";
import type { Owner } from "../../../server/contract/access.ts";
import type {
  MODEL_SORTS,
  Model,
  ModelPage as ModelPageSchema,
  TagList as TagListSchema,
  UpdateModel as UpdateModelSchema,
} from "../../../server/contract/model.ts";
import { API, query, request } from "./client.ts";

export type ModelPage = z.infer<typeof ModelPageSchema>;
export type ModelSort = (typeof MODEL_SORTS)[number];
export type ModelChange = z.input<typeof UpdateModelSchema>;
export type TagList = z.infer<typeof TagListSchema>;

export interface ModelFilter {
  q?: string;
  tag?: string;
  status?: "active" | "archived" | "deleted";
  sort?: ModelSort;
  /** One's own by default, or all where nobody signs in. */
  owner?: Owner | undefined;
}

export function listModels(
  filter: ModelFilter & { limit?: number; cursor?: string | null },
  signal?: AbortSignal,
): Promise<ModelPage> {
  return request(`${API}/models${query({ ...filter })}`, signal ? { signal } : {});
}

export function updateModel(id: string, change: ModelChange): Promise<Model> {
  return request(`${API}/models/${id}`, { method: "PATCH", body: change });
}

/** Moves a model to the trash. */
export function trashModel(id: string): Promise<void> {
  return request(`${API}/models/${id}`, { method: "DELETE" });
}

export function restoreModel(id: string): Promise<Model> {
  return request(`${API}/models/${id}/restore`, { method: "POST" });
}

/** Deletes a model that is in the trash, for good. */
export function deleteModelForever(id: string): Promise<void> {
  return request(`${API}/models/${id}?permanent=true`, { method: "DELETE" });
}

export function listTags(owner: Owner | undefined, signal?: AbortSignal): Promise<TagList> {
  return request(`${API}/tags${query({ owner })}`, signal ? { signal } : {});
}
