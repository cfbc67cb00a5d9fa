import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of webhooks and share links. */
export const LINKS_EN = {
  "webhook-url-not-allowed": {
    title: "The address of the webhook is not possible",
    detail: "Nothing can be sent to this address.",
    suggestion: "Give an https address that the internet can reach.",
  },
  "webhook-limit": {
    title: "There are too many webhooks",
    detail: "You have 20 webhooks already; there can't be more.",
    suggestion: "Delete one that you don't need, or change its address and events.",
  },
  "webhook-disabled": {
    title: "The webhook is disabled",
    detail: "Nothing is sent to this webhook while it is disabled.",
    suggestion: "Enable it, then send again.",
  },
  "share-not-found": {
    title: "This link doesn't work",
    detail: "There is no such share link, or it was revoked.",
    suggestion: "Check that the link is complete, or ask the person who sent it for a new one.",
  },
  "share-expired": {
    title: "This link has expired",
    detail: "The link worked for a limited time, and this time is over.",
    suggestion: "Ask the person who sent it for a new link.",
  },
  "share-model-removed": {
    title: "The model is not here any more",
    detail: "The owner has removed the model that this link led to.",
    suggestion: "Ask the person who sent the link.",
  },
  "share-limit": {
    title: "There are too many links",
    detail: "There can be 20 links to one model and 500 in all.",
    suggestion: "Revoke one that you don't need, or change its expiry and sites.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
