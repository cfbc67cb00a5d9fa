import ipaddr from "ipaddr.js";
import { AppError } from "../errors.ts";
import { isLoopbackAddress, isPublicAddress } from "./address-guard.ts";

interface TargetRules {
  allowedHosts: readonly string[];
  allowInsecureLoopback?: boolean;
}

/**
 * The address to fetch, when the rules allow it: https on the usual port, no user name, a host of the list, and
 * no address in place of a name unless it is public. Throws AppError `result-not-allowed`.
 */
export function checkTarget(address: string, rules: TargetRules, base?: URL): URL {
  const url = URL.parse(address, base);
  if (!url) throw notAllowed("it is not a URL", "это не URL");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (url.username || url.password) throw notAllowed("it carries a user name", "в нём есть имя пользователя");
  if (!isListed(host, rules.allowedHosts)) throw notListed(host);
  const isLocal = host === "localhost" || isLoopbackAddress(host);
  if (isLocal && rules.allowInsecureLoopback && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== "https:") throw notAllowed("it is not https", "это не https");
  if (url.port !== "") throw notAllowed("it names an unusual port", "в нём необычный порт");
  if (isLocal || (ipaddr.isValid(host) && !isPublicAddress(host)))
    throw notAllowed("it is not a public address", "он не публичный");
  return url;
}

function isListed(host: string, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((entry) => {
    const allowed = entry.toLowerCase();
    return allowed.startsWith(".") ? host.endsWith(allowed) && host !== allowed : host === allowed;
  });
}

function notListed(host: string): AppError {
  return notAllowed(`the host "${host}" is not on the list`, `узла «${host}» нет в списке`);
}

function notAllowed(en: string, ru: string): AppError {
  return new AppError("result-not-allowed", {
    detail: {
      en: `This server does not fetch the address of the finished model: ${en}.`,
      ru: `Сервер не скачивает модель с этого адреса: ${ru}.`,
    },
  });
}
