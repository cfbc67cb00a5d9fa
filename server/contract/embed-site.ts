import { z } from "zod";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A wildcard stands above two labels at least, so that nobody allows a whole top-level domain. */
const DOMAIN = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);
const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)?localhost|127(?:\.\d{1,3}){3})$/;

/** The origin as `frame-ancestors` takes it, or null where it can't be one. */
function normalise(text: string): string | null {
  const wildcard = /^https:\/\/\*\.(?!\*)/i.test(text);
  const url = URL.parse(wildcard ? text.replace("*.", "") : text);
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== "/") return null;
  const host = wildcard ? `*.${url.hostname}` : url.hostname;
  const isDevelopment = /^https?:$/.test(url.protocol) && LOOPBACK.test(url.hostname) && !wildcard;
  if (!isDevelopment && (url.protocol !== "https:" || !DOMAIN.test(host))) return null;
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`;
}

/**
 * A site that may show an embed: an https origin, with a port or `*.` for all its subdomains where wanted; on this
 * machine also http. International names come out in their ASCII form. Source of the form: CSP Level 3, 2.3.1.
 */
export const EmbedSite = z
  .string()
  .trim()
  .max(300)
  .transform((text, context) => {
    const site = normalise(text);
    if (site) return site;
    context.addIssue({
      code: "custom",
      message: "Give a site's origin such as https://shop.example or https://*.shop.example, without a path.",
    });
    return z.NEVER;
  });
