import type { RequestHandler } from "express";
import { AppError } from "../errors.ts";
import { isFromThisMachine } from "./ops-access.ts";

/** Callbacks and probes, and figures, which ask for the operator's token. */
const SERVICES = /^\/(?:hooks\/.+|health(?:\/\w+)?|metrics)$/;

/** Files of the built page that the page of a share link loads. */
const PAGE_FILES = /^\/(?:assets\/.+|favicon\.svg|manifest\.webmanifest)$/;

/**
 * Without sign-in only who is on this machine reaches the product; through its public name or a proxy others reach
 * share links, which are mounted before, callbacks, probes and the files of the page. Throws `host-not-allowed`.
 */
export const onlyPublicFromElsewhere: RequestHandler = (request, _response, next) => {
  const { path } = request;
  if (!isFromThisMachine(request) && !SERVICES.test(path) && !PAGE_FILES.test(path)) {
    throw new AppError("host-not-allowed");
  }
  next();
};
