import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of requests as such, and of what the server itself lacks. */
export const REQUESTS_EN = {
  "invalid-request": {
    title: "The request is not valid",
    detail: "Some fields are missing or wrong.",
    suggestion: 'Correct the fields named in "errors" and send the request again.',
  },
  "malformed-json": {
    title: "The JSON cannot be read",
    detail: "The body is not valid JSON.",
    suggestion: "Send valid JSON in UTF-8.",
  },
  "request-too-large": {
    title: "The request is too large",
    detail: "The JSON is larger than 100 kB.",
    suggestion: "Send less text at once.",
  },
  "not-found": {
    title: "Nothing is here",
    detail: "There is nothing at this address.",
    suggestion: "Check the address; it may have been deleted.",
  },
  "worker-only": {
    title: "This process serves nobody",
    detail:
      "It only works (ROLE=worker), and answers /health/live, /health/ready, /health/detailed and /metrics.",
    suggestion: "Ask a process with ROLE=web or ROLE=all, usually through the proxy in front of them.",
  },
  "method-not-allowed": {
    title: "This method is not possible here",
    detail: "The address exists, but not for this method.",
    suggestion: "See /docs for the methods of this address.",
  },
  "host-not-allowed": {
    title: "This address is not allowed",
    detail: "Without sign-in the server answers only to programs on its own machine, addressed as localhost.",
    suggestion: "Open http://localhost there, or have people sign in: AUTH=on in the server's settings.",
  },
  "ops-token-required": {
    title: "Only for operators",
    detail: "This address needs the operator's token, and none or a wrong one was sent.",
    suggestion: "Send Authorization: Bearer with the value of OPS_TOKEN.",
  },
  "cross-origin": {
    title: "The request came from another site",
    detail: "A page of another origin tried to change something.",
    suggestion: "Open the product itself, or add the site to CORS_ORIGIN.",
  },
  conflict: {
    title: "Not possible in this state",
    detail: "The record is in a state that does not allow this.",
    suggestion: "Reload it and try again.",
  },
  "duplicate-generation": {
    title: "The same photo was sent a short while ago",
    detail: "Within the last hour a model of this photo was ordered with the same settings.",
    suggestion: "Open the earlier one, or send the photo again if you want to pay for a second one.",
  },
  "idempotency-mismatch": {
    title: "The key was used for another request",
    detail: "This Idempotency-Key belongs to a different request.",
    suggestion: "Use a new key for a new request.",
  },
  "precondition-failed": {
    title: "The record has changed",
    detail: "Somebody changed the record since you read it.",
    suggestion: "Read it again and repeat your change.",
  },
  "upload-missing": {
    title: "The photo is missing",
    detail: "The request carries no file.",
    suggestion: 'Send multipart/form-data with a file part named "photo".',
  },
  "upload-malformed": {
    title: "The upload cannot be read",
    detail: "The multipart body is broken, or has parts that are not expected.",
    suggestion: 'Send one file part "photo" and the documented text fields.',
  },
  "upload-aborted": {
    title: "The upload was cut off",
    detail: "The connection ended before the whole file arrived.",
    suggestion: "Send it again.",
  },
  "disk-full": {
    title: "The disk is full",
    detail: "There is no room left for the file; nothing was stored.",
    suggestion: "Free some space on the server and try again.",
  },
  "rate-limited": {
    title: "Too many requests",
    detail: "More came from you, or from your address, than is taken in this time.",
    suggestion: "Wait as long as Retry-After says, then try again.",
  },
  "storage-quota": {
    title: "Your storage is full",
    detail: "Your photos and models have taken all the room that this server gives to one person.",
    suggestion:
      "Delete models that you don't need, and empty the trash; or ask an administrator for more room.",
  },
  maintenance: {
    title: "Maintenance",
    detail: "Nothing can be changed at the moment: the product is being looked after.",
    suggestion: "What exists can be looked at as usual. Try again in a few minutes.",
  },
  overloaded: {
    title: "The server is busy",
    detail: "Too much is going on at the moment.",
    suggestion: "Try again in a few seconds.",
  },
  "shutting-down": {
    title: "The server is restarting",
    detail: "The server is stopping and takes no new work.",
    suggestion: "Try again in a few seconds.",
  },
  "database-unavailable": {
    title: "The database is away",
    detail: "The database does not answer.",
    suggestion: "Try again in a few seconds.",
  },
  "storage-unavailable": {
    title: "The files are away",
    detail: "The store of photos and models does not answer. Nothing is lost.",
    suggestion: "Try again in a few seconds.",
  },
  internal: {
    title: "Something went wrong",
    detail: "An unexpected error happened; it is in the log under the request id.",
    suggestion: "Try again; tell the operator the request id if it stays.",
  },
} satisfies Partial<Record<ErrorCode, ErrorText>>;
