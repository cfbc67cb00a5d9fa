import type { RequestHandler } from "express";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";

const LINE =
  "Requests come through a proxy, but TRUST_PROXY is 0: all people have its address, so that limits by address and " +
  "the audit log take them for one. Set TRUST_PROXY to the number of proxies, usually 1.";

/** Says once where what a proxy tells of people is not believed, though people sign in here from elsewhere. */
export function noticeProxy(
  { trustProxy, access }: Pick<Config, "trustProxy" | "access">,
  logger: Pick<Logger, "warn">,
): RequestHandler {
  let isOver = trustProxy !== 0 || access.kind === "localhost";
  return (request, _response, next) => {
    if (!isOver && request.get("x-forwarded-for") !== undefined) {
      isOver = true;
      logger.warn(LINE);
    }
    next();
  };
}
