import type { ErrorCode, ErrorText } from "../error-table.ts";

/** Errors of photos, generations and models. */
export const WORK_EN = {
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
} satisfies Partial<Record<ErrorCode, ErrorText>>;
