import type { ServerResponse } from "node:http";
import { Router, static as serveStatic } from "express";
// The package itself would evaluate the whole page script, which costs a fifth of a second at every start.
import absolutePath from "swagger-ui-dist/absolute-path.js";
import { describeRoutes } from "../http/openapi.ts";
import type { Route } from "../http/route.ts";

const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Photo to 3D: API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="icon" href="/favicon.svg">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });\n`;

/** Its files have the same names in the next version. */
const askAgain = (response: ServerResponse) => response.setHeader("Cache-Control", "no-cache");

/** `/openapi.json` and a browsable reference at `/docs` that needs no network. */
export function docsRoutes(routes: Route[], version: string): Router {
  const document = describeRoutes(routes, {
    title: "Photo to 3D",
    version,
    description: "A photo of an object in, a 3D model out.",
  });
  const router = Router();
  router.get("/openapi.json", (_request, response) => void response.json(document));
  router.get("/docs", (_request, response) => void response.type("html").send(PAGE));
  router.get("/docs/start.js", (_request, response) => void response.type("js").send(START));
  router.use("/docs/assets", serveStatic(absolutePath(), { index: false, setHeaders: askAgain }));
  return router;
}
