import { noAnswer, toApiError } from "./api-error.ts";
import { commonHeaders } from "./client.ts";
import { send } from "./send.ts";

/**
 * Has the server make a file; resolves once it is there to be fetched. Asks for one byte of it, as an answer to HEAD
 * could not say what went wrong. @throws ApiError
 */
export async function prepareExport(url: string): Promise<void> {
  const headers = { Range: "bytes=0-0", ...commonHeaders() };
  const response = await send(url, { headers, cache: "no-store" }).catch(() => {
    throw noAnswer();
  });
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  throw toApiError(response.status, await response.text(), (name) => response.headers.get(name));
}
