/** Addresses of the page's own views. */
export const paths = {
  create: "/",
  models: "/models",
  model: (id: string) => `/models/${id}`,
  generation: (id: string) => `/generations/${id}`,
  trash: "/trash",
} as const;
