/** Addresses of the page's own views. */
export const paths = {
  create: "/",
  /** The start page with the photo and settings of a generation. */
  again: (generationId: string) => `/?again=${generationId}`,
  models: "/models",
  model: (id: string) => `/models/${id}`,
  /** Two models side by side; the second one is chosen there. */
  compare: (id: string) => `/compare?a=${id}`,
  generation: (id: string) => `/generations/${id}`,
  webhooks: "/webhooks",
  webhook: (id: string) => `/webhooks/${id}`,
  trash: "/trash",
  /** For who looks after the server. */
  system: "/admin/system",
} as const;
