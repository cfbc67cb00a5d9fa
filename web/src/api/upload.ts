import { ApiError, noAnswer, toApiError } from "./api-error.ts";
import { commonHeaders } from "./client.ts";
import { sessionGuard } from "./send.ts";

interface UploadOptions {
  headers?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Called with the sent fraction, 0 to 1. */
  onProgress: (fraction: number) => void;
}

const canceled = () => new ApiError(0, "canceled", "The upload was canceled.", true);

/**
 * Posts a form and reports how much of it has left. XMLHttpRequest, because fetch cannot report upload progress.
 * @throws ApiError as `request` does; code "canceled" after an abort.
 */
export async function upload<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  const guard = sessionGuard();
  if (!guard) return post<T>(path, form, options);
  await guard.ready();
  const sentAt = Date.now();
  try {
    return await post<T>(path, form, options);
  } catch (error) {
    const wasRefused = error instanceof ApiError && error.status === 401;
    if (!wasRefused || !(await guard.mend(error.code, sentAt))) throw error;
    return post<T>(path, form, options);
  }
}

function post<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) throw canceled();
    const xhr = new XMLHttpRequest();
    xhr.open("POST", path);
    const headers = { Accept: "application/json", ...commonHeaders(), ...options.headers };
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText) as T);
      else reject(toApiError(xhr.status, xhr.responseText, (name) => xhr.getResponseHeader(name)));
    };
    xhr.onerror = () => reject(noAnswer());
    xhr.onabort = () => reject(canceled());
    options.signal.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}
