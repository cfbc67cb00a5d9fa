import { ApiError, noAnswer, toApiError } from "./api-error.ts";
import { commonHeaders } from "./client.ts";

interface UploadOptions {
  headers?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Called with the sent fraction, 0 to 1. */
  onProgress: (fraction: number) => void;
}

/**
 * Posts a form and reports how much of it has left. XMLHttpRequest, because fetch cannot report upload progress.
 * @throws ApiError as `request` does; code "canceled" after an abort.
 */
export function upload<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", path);
    const headers = { Accept: "application/json", ...commonHeaders(), ...options.headers };
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText) as T);
      else reject(toApiError(xhr.status, xhr.responseText, xhr.getResponseHeader("X-Request-Id")));
    };
    xhr.onerror = () => reject(noAnswer());
    xhr.onabort = () => reject(new ApiError(0, "canceled", "The upload was canceled.", true));
    options.signal.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}
