import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locale } from "./locale.ts";

/** What differs between the pages of two links. URLs of the picture and the page are absolute. */
export interface ShareHead {
  locale: Locale;
  title: string;
  description: string;
  url: string;
  picture: { url: string; path: string } | null;
  /** For the page's script. */
  data: unknown;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/** JSON that can stand in a script element. */
const escapeJson = (value: unknown) => JSON.stringify(value).replaceAll("<", "\\u003c");

/** The built page of share links, filled for each; null where it is not built. */
export function readShareTemplate(folder: string): ((head: ShareHead) => string) | null {
  const file = path.join(folder, "share.html");
  if (!existsSync(file)) return null;
  const template = readFileSync(file, "utf8");
  return (head) =>
    template
      .replace(/<html lang="[^"]*"/, `<html lang="${head.locale}"`)
      .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(head.title)}</title>`)
      .replace("</head>", () => `${headTags(head)}</head>`)
      .replace(/(<script[^>]* id="share-data"[^>]*>)[^<]*/, (_, tag) => tag + escapeJson(head.data));
}

/** Open Graph (https://ogp.me) and Twitter cards, which messengers show, and the picture at once. */
function headTags({ locale, title, description, url, picture }: ShareHead): string {
  const named = { description, "twitter:card": picture ? "summary_large_image" : "summary" };
  const properties = {
    "og:type": "website",
    "og:site_name": "Photo to 3D",
    "og:locale": locale === "ru" ? "ru_RU" : "en_US",
    "og:title": title,
    "og:description": description,
    "og:url": url,
    ...(picture && { "og:image": picture.url, "og:image:type": "image/webp", "og:image:alt": title }),
  };
  const metas = (attribute: string, values: Record<string, string>) =>
    Object.entries(values).map(
      ([name, value]) => `<meta ${attribute}="${name}" content="${escapeHtml(value)}">`,
    );
  const preload = picture
    ? [`<link rel="preload" href="${escapeHtml(picture.path)}" as="image" fetchpriority="high">`]
    : [];
  return [...metas("name", named), ...metas("property", properties), ...preload].join("");
}
