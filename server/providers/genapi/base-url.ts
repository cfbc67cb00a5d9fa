const WEB_HOST = "gen-api.ru";
const API_HOST = "api.gen-api.ru";

/**
 * The API's base without a slash at its end. The host without `api.` appears in GenAPI's documentation but answers
 * with web pages, so it is corrected and `warning` says so. Throws when the key would travel in clear.
 */
export function normalizeBaseUrl(text: string): { baseUrl: string; warning: string | null } {
  const url = new URL(text);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) {
    throw new Error("GENAPI_BASE_URL must start with https://, or the key would travel in clear.");
  }
  const isWebHost = url.hostname === WEB_HOST || url.hostname === `www.${WEB_HOST}`;
  if (isWebHost) url.hostname = API_HOST;
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    warning: isWebHost
      ? `GENAPI_BASE_URL names ${WEB_HOST}, which answers with web pages; ${API_HOST} is used instead.`
      : null,
  };
}
