import type { ModelFilter } from "./models.ts";

/** Names of what the page remembers of the server. */
export const queryKeys = {
  providers: ["providers"],
  tags: ["tags"],
  models: ["models"],
  modelList: (filter: ModelFilter) => ["models", "list", filter],
  recentModels: ["models", "recent"],
  model: (id: string) => ["model", id],
  generations: ["generations"],
  runningGenerations: ["generations", "running"],
  singleGenerations: ["generations", "one"],
  generation: (id: string) => ["generations", "one", id],
  cutout: (photoId: string, box: unknown) => ["cutout", photoId, box],
} as const;
