/** Events of a webhook, in the order in which they are shown. */
export const WEBHOOK_EVENT_TYPES = [
  "generation.succeeded",
  "generation.failed",
  "generation.canceled",
  "generation.needs-confirmation",
  "model.created",
] as const;

/** What only the button "test" sends. */
export const PING = "webhook.ping";

export const DELIVERY_STATES = ["pending", "succeeded", "failed"] as const;

/** Why nothing came back from a receiver. */
export const ATTEMPT_ERRORS = [
  "timeout",
  "name-not-found",
  "address-not-allowed",
  "connection-refused",
  "tls-failed",
  "connection-broken",
] as const;
