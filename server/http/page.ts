import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Request, type Response, Router } from "express";
import expressStaticGzip from "express-static-gzip";
import { z } from "zod";
import { AppError } from "../errors.ts";

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    name: z.string().optional(),
    imports: z.array(z.string()).optional(),
    css: z.array(z.string()).optional(),
  }),
);

/** What the HTML of one address should fetch early, and its status. */
export interface PageHints {
  status: 200 | 404;
  /** Vite modules or named chunks of the page that are loaded lazily. */
  modules: string[];
  /** URLs that the page will `fetch`. */
  fetches: string[];
  /** URLs of pictures that the page will show first. */
  images: string[];
}

const NO_HINTS: PageHints = { status: 200, modules: [], fetches: [], images: [] };

/** What asks people to sign in, and the mark by which the page knows that it has to. */
const GATE_MODULE = "src/session/accounts-gate.tsx";
const GATE_MARK = '<meta name="accounts" content="on">';

interface PageOptions {
  /** Whether people sign in here. */
  accounts?: boolean;
}

/** The built page: hashed files for ever and pre-compressed, HTML fresh with preload links for its address. */
export function pageRouter(
  folder: string,
  hintsFor: (request: Request) => Promise<PageHints>,
  { accounts = false }: PageOptions = {},
): Router {
  const router = Router();
  const indexFile = path.join(folder, "index.html");
  if (!existsSync(indexFile)) {
    router.get(
      "/",
      (_request, response) => void response.type("txt").send("The page is not built. Run: npm run build\n"),
    );
    return router;
  }
  const built = readFileSync(indexFile, "utf8");
  const html = accounts ? built.replace("</head>", `${GATE_MARK}</head>`) : built;
  const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, ".vite/manifest.json"), "utf8")));
  const sendPage = async (request: Request, response: Response) => {
    const isPersonal = request.path.startsWith("/models/");
    const hints = isPersonal ? await hintsFor(request) : NO_HINTS;
    const modules = accounts ? [GATE_MODULE, ...hints.modules] : hints.modules;
    response
      .status(hints.status)
      .set("Cache-Control", isPersonal ? "private, no-cache" : "no-cache")
      .type("html")
      .send(withHints(html, manifest, { ...hints, modules }));
  };
  router.get(["/", "/index.html"], sendPage);
  router.use(
    expressStaticGzip(folder, {
      enableBrotli: true,
      orderPreference: ["br", "gzip"],
      index: false,
      serveStatic: {
        redirect: false,
        setHeaders: (response, file) => {
          const isHashed = file.startsWith(path.join(folder, "assets"));
          // A sandboxed frame of another site, which has no origin, loads the page of a share link too.
          if (isHashed) {
            response.setHeader("Access-Control-Allow-Origin", "*");
            response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
          }
          response.setHeader("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
        },
      },
    }),
  );
  router.get("/{*path}", async (request, response) => {
    if (!request.accepts("html") || path.extname(request.path)) throw new AppError("not-found");
    await sendPage(request, response);
  });
  return router;
}

function withHints(
  html: string,
  manifest: z.infer<typeof Manifest>,
  { modules, fetches, images }: PageHints,
): string {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name] ?? Object.values(manifest).find((one) => one.name === name);
    if (!chunk || scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const style of chunk.css ?? []) styles.add(style);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const name of modules) visit(name);
  const links = [
    ...images.map((url) => `<link rel="preload" href="${url}" as="image" fetchpriority="high">`),
    ...fetches.map((url) => `<link rel="preload" href="${url}" as="fetch" crossorigin>`),
    ...[...scripts].map((file) => `<link rel="modulepreload" href="/${file}">`),
    ...[...styles].map((file) => `<link rel="preload" href="/${file}" as="style" crossorigin>`),
  ].filter((link) => !html.includes(link.replace(/.*href="([^"]+)".*/, "$1")));
  return html.replace("</head>", `${links.join("")}</head>`);
}
