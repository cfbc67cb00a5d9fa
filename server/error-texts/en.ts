import type { ErrorCode, ErrorText } from "../error-table.ts";

export const ENGLISH: Record<ErrorCode, ErrorText> = {
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
  "method-not-allowed": {
    title: "This method is not possible here",
    detail: "The address exists, but not for this method.",
    suggestion: "See /docs for the methods of this address.",
  },
  "host-not-allowed": {
    title: "This address is not allowed",
    detail: "Without sign-in the server answers only to localhost.",
    suggestion: "Open http://localhost instead.",
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
  "photo-too-large": {
    title: "The file is too large",
    detail: "The file is larger than this server accepts.",
    suggestion: "Make the photo smaller; 2048 pixels on the longer side are enough.",
  },
  "photo-too-many-pixels": {
    title: "The picture has too many pixels",
    detail: "The picture is larger than 12,000 pixels on a side, or takes too much memory when decoded.",
    suggestion: "Make the photo smaller; 2048 pixels on the longer side are enough.",
  },
  "photo-too-small": {
    title: "The picture is too small",
    detail: "At least 64 pixels on each side are needed.",
    suggestion: "Take a larger photo of the object.",
  },
  "not-an-image": {
    title: "This is not a photo we can read",
    detail: "The file is not a JPEG, PNG, WebP, GIF, AVIF or HEIC picture.",
    suggestion: "Choose a photo in one of these formats.",
  },
  "photo-damaged": {
    title: "The picture is damaged",
    detail: "The file begins like a picture but cannot be decoded to its end.",
    suggestion: "Save or export the photo again and retry.",
  },
  "not-a-glb": {
    title: "This is not a GLB file",
    detail: "Only binary glTF 2.0 (.glb) can be imported.",
    suggestion: "Export the model as GLB and try again.",
  },
  "no-object-found": {
    title: "No object was found in the photo",
    detail: "The picture is blank, transparent or only noise.",
    suggestion:
      "Take a photo where one object stands clearly before a calm background, or draw a box around it.",
  },
  "invalid-params": {
    title: "The parameters do not fit the network",
    detail: "A parameter is unknown or outside its range.",
    suggestion: "See /api/v1/providers for the parameters of each network.",
  },
  "unknown-network": {
    title: "There is no such network",
    detail: "The provider has no network of this name.",
    suggestion: "See /api/v1/providers for the networks.",
  },
  "provider-unavailable": {
    title: "This provider is not set up",
    detail: "The provider has no key on this server.",
    suggestion: "Set GENAPI_API_KEY, or use the local provider.",
  },
  "provider-unauthorized": {
    title: "The provider refused the key",
    detail: "GenAPI does not accept the API key of this server.",
    suggestion: "Ask whoever runs the server to check GENAPI_API_KEY; what waits then goes on by itself.",
  },
  "budget-exceeded": {
    title: "Today's budget is used up",
    detail: "The daily limit for paid models is reached.",
    suggestion:
      "Wait until then, choose the built-in generator, or raise the limit (the settings GENAPI_DAILY_… and GENAPI_USER_DAILY_…).",
  },
  "provider-balance": {
    title: "The provider balance is too low",
    detail: "There is not enough money on the GenAPI account.",
    suggestion: "Top up the GenAPI account; what waits then goes on by itself.",
  },
  "provider-forbidden": {
    title: "The provider refused the request",
    detail: "GenAPI does not allow this account to use the network.",
    suggestion: "Check the account at GenAPI, or choose another network.",
  },
  "provider-rejected": {
    title: "The provider did not accept the photo",
    detail: "GenAPI rejected the photo or the parameters.",
    suggestion: "Try another photo or the standard settings.",
  },
  "provider-busy": {
    title: "The provider is busy",
    detail: "GenAPI takes no more requests at the moment.",
    suggestion: "Wait a little; it is tried again by itself.",
  },
  "provider-away": {
    title: "Waiting for the provider",
    detail: "GenAPI does not answer properly at the moment, so this waits for it. Nothing is paid for twice.",
    suggestion: "There is nothing to do: it goes on as soon as GenAPI is back.",
  },
  "provider-unreachable": {
    title: "The provider cannot be reached",
    detail: "GenAPI does not answer.",
    suggestion: "Check the connection and GENAPI_BASE_URL, then retry.",
  },
  "provider-failed": {
    title: "The provider could not make a model",
    detail: "GenAPI reported an error for this photo.",
    suggestion: "Retry, or try another photo.",
  },
  "submit-unknown": {
    title: "It is not known whether the provider accepted the photo",
    detail: "The connection broke while the photo was sent; the attempt may already be charged.",
    suggestion: "Look at the GenAPI account before you try again.",
  },
  "second-charge": {
    title: "This would be charged a second time",
    detail: "The finished model is paid for, but fetching it again did not help: another one costs again.",
    suggestion: "Accept the second charge, or change the settings.",
  },
  "queue-timeout": {
    title: "It could not be sent for a day",
    detail: "GenAPI took no work for a whole day. Nothing was sent, nothing was charged.",
    suggestion: "Retry when the provider works again, or make the model offline.",
  },
  "generation-timeout": {
    title: "It took too long",
    detail: "The generation did not finish before its deadline.",
    suggestion: "Retry, with a lighter preset if it happens again.",
  },
  "generator-crashed": {
    title: "The local generator stopped",
    detail: "The local generator ended unexpectedly or used too much memory.",
    suggestion: "Retry, with a smaller photo if it happens again.",
  },
  "result-unreachable": {
    title: "The finished model could not be fetched",
    detail: "The address of the finished model does not answer.",
    suggestion: "Retry; the finished model is kept by the provider for a while.",
  },
  "result-not-allowed": {
    title: "The finished model is at a place that is not allowed",
    detail: "The provider named an address that this server does not fetch from.",
    suggestion: "If the host is right, add it to GENAPI_RESULT_HOSTS.",
  },
  "result-too-large": {
    title: "The finished model is too large",
    detail: "The file is larger than 200 MB.",
    suggestion: "Retry with a lighter preset.",
  },
  "result-invalid": {
    title: "The finished model is not valid",
    detail: "The file is not a valid GLB.",
    suggestion: "Retry; the provider sent a broken file.",
  },
  "model-invalid": {
    title: "The model is not valid",
    detail: "The file is not a valid GLB.",
    suggestion: "Export the model again and check it with a glTF validator.",
  },
  "export-failed": {
    title: "The file could not be made",
    detail: "The model could not be turned into this format.",
    suggestion: "Take another format, or the original.",
  },
  "file-missing": {
    title: "The file is gone",
    detail: "The record exists, but its file is not in the store.",
    suggestion: "Restore it from a backup.",
  },
  canceled: {
    title: "The generation was cancelled",
    detail: "Somebody cancelled it.",
    suggestion: "Start it again if you still want the model.",
  },
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
  "disk-full": {
    title: "The disk is full",
    detail: "There is no room left for the file; nothing was stored.",
    suggestion: "Free some space on the server and try again.",
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
  internal: {
    title: "Something went wrong",
    detail: "An unexpected error happened; it is in the log under the request id.",
    suggestion: "Try again; tell the operator the request id if it stays.",
  },
};
