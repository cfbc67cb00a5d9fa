import type { Request, Response } from "express";
import type { AppError } from "../errors.ts";
import { type Locale, localeOf } from "./locale.ts";
import { presentProblem } from "./problem.ts";
import { escapeHtml } from "./share-html.ts";

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; box-sizing: border-box;
    font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f6f5f1, #121318); color: light-dark(#1d1d1f, #ececf1); }
  main { max-width: 30rem; text-align: center; }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .5rem; text-wrap: balance; }
  p { margin: .5rem 0; text-wrap: pretty; }
  .soft { opacity: .75; }`;

/** An error as a page for people, in their language; it needs no script. */
export function sendErrorPage(error: AppError, request: Request, response: Response): void {
  const locale = pageLocaleOf(request);
  const { title, detail, suggestion = "" } = presentProblem(error, locale, response.locals.requestId);
  response
    .vary("Accept-Language")
    .type("html")
    .send(`<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <title>${escapeHtml(title)}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <img src="/favicon.svg" alt="" width="48" height="48">
      <h1>${escapeHtml(title)}</h1>
      <p>${escapeHtml(detail)}</p>
      <p class="soft">${escapeHtml(suggestion)}</p>
    </main>
  </body>
</html>
`);
}

/** The language of a page: `?lang=ru` or `?lang=en`, else what the browser prefers. */
export function pageLocaleOf(request: Request): Locale {
  const { lang } = request.query;
  return lang === "ru" || lang === "en" ? lang : localeOf(request);
}
