import fs from "node:fs";
import path from "node:path";
import { SETTINGS } from "../../../server/settings.ts";
import { anchorsOf, type Page, type Piece, ROOT, readPage } from "./page.ts";

/** What is wrong, such as `docs/api.md:12: there is no npm run fly`. */
export type Complaint = string;
type Check = (page: Page) => Complaint[];

const complain = (page: Page, { line }: Piece, what: string): Complaint => `${page.name}:${line}: ${what}`;

const COMMAND_LANGUAGES = ["sh", "bash", "ini", "env", "yaml", "dotenv", "nginx", "toml"];

/** Single lines of the blocks in which commands and settings stand. */
function commandLines({ blocks }: Page): Piece[] {
  return blocks
    .filter(({ language }) => COMMAND_LANGUAGES.includes(language))
    .flatMap(({ line, text }) => text.split("\n").map((one, index) => ({ line: line + index, text: one })));
}

const codeOf = (page: Page): Piece[] => [...page.spans, ...commandLines(page)];

const SCRIPTS = Object.keys(JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")).scripts);

/** Every `npm run X`, `npm start` and `npm test` is a script of the product. */
export const checkScripts: Check = (page) =>
  codeOf(page).flatMap((piece) =>
    [...piece.text.matchAll(/\bnpm (?:run (?:-s |--silent )?([\w:-]+)|(start|test)\b)/g)]
      .map(([, script, own]) => script ?? own)
      .filter((script) => !SCRIPTS.includes(script))
      .map((script) => complain(page, piece, `there is no npm run ${script}`)),
  );

/** Folders of the repository, and files at its root of kinds that the product itself makes none of. */
const PATH_FORMS = [
  /^(?:\.\/)?((?:server|web|test|docs|deploy|bench|migrations|\.github|\.do|\.ci)\/[\w./*-]*)$/,
  /^(?:\.\/)?((?:Dockerfile|[\w.-]+\.(?:yml|toml|md|conf|service))|\.env\.example)$/,
];
/** Made by a build or on a server, or of others' programs. */
const MADE_LATER = [
  /^web\/dist\b/,
  /^bench\/results\b/,
  /^certbot\.service$/,
  /^(?:nginx|postgresql|pg_hba|redis|redis-server)\.(?:conf|service)$/,
];

/** Every path that looks like one of the repository is there; the name of a file at the root of `deploy` will do. */
export const checkPaths: Check = (page) =>
  codeOf(page).flatMap((piece) =>
    piece.text
      .split(/[\s"'=:,;()]+/)
      .map((word) => PATH_FORMS.map((form) => form.exec(word)?.[1]).find(Boolean) ?? "")
      .filter((found) => found !== "" && !MADE_LATER.some((form) => form.test(found)) && !isThere(found))
      .map((found) => complain(page, piece, `there is no ${found}`)),
  );

let deployed: string[] | undefined;
function isThere(name: string): boolean {
  const folder = name.includes("*") ? path.dirname(name.slice(0, name.indexOf("*") + 1)) : name;
  if (fs.existsSync(path.join(ROOT, folder)) || fs.existsSync(path.join(ROOT, "docs", folder))) return true;
  deployed ??= fs.readdirSync(path.join(ROOT, "deploy"), { recursive: true, encoding: "utf8" });
  return deployed.some((file) => path.basename(file) === name);
}

/** Variables that are not the product's own, each with whose they are. */
const OTHERS_VARIABLES: Record<string, string> = {
  POSTGRES_PASSWORD: "image of PostgreSQL",
  POSTGRES_PASSWORD_FILE: "image of PostgreSQL",
  POSTGRES_USER: "image of PostgreSQL",
  POSTGRES_DB: "image of PostgreSQL",
  DATABASE_PUBLIC_URL: "PostgreSQL of Railway",
  REDIS_PUBLIC_URL: "Redis of Railway",
  RAILWAY_RUN_UID: "Railway",
  RAILWAY_TOKEN: "Railway",
  RAILWAY_SERVICE: "workflow deploy-railway.yml",
  DEPLOY_RAILWAY: "workflow deploy-railway.yml",
  RAILWAY_HEALTHCHECK_TIMEOUT_SEC: "Railway",
  TLS_DIR: "compose.prod.yml",
  ACME_DIR: "compose.prod.yml",
  WEB_MEMORY: "compose.prod.yml",
  WORKER_MEMORY: "compose.prod.yml",
  HTTP_PORT: "compose.prod.yml",
  HTTPS_PORT: "compose.prod.yml",
  RAILWAY_PUBLIC_DOMAIN: "Railway",
  RAILWAY_PRIVATE_DOMAIN: "Railway",
  RAILWAY_DEPLOYMENT_OVERLAP_SECONDS: "Railway",
  RAILWAY_DEPLOYMENT_DRAINING_SECONDS: "Railway",
  DIGITALOCEAN_ACCESS_TOKEN: "DigitalOcean",
  ON_FAILURE: "a restart policy of Railway",
  CREDENTIALS_DIRECTORY: "systemd",
  NODE_EXTRA_CA_CERTS: "Node",
  MALLOC_ARENA_MAX: "the C library",
  NODE_OPTIONS: "Node",
  GENERATION_ID: "to be filled in by the reader",
  MODEL_ID: "to be filled in by the reader",
  AWS_ACCESS_KEY_ID: "clients of S3",
  AWS_SECRET_ACCESS_KEY: "clients of S3",
  AWS_DEFAULT_REGION: "clients of S3",
};

/** Every variable in code is a setting, also as a file (`NAME_FILE`), or named above; `NAME_*` stands for several. */
export const checkVariables: Check = (page) => {
  const names = Object.keys(SETTINGS.shape);
  const isKnown = (name: string) =>
    names.includes(name) || names.includes(name.replace(/_FILE$/, "")) || name in OTHERS_VARIABLES;
  const known = [...names, ...Object.keys(OTHERS_VARIABLES)];
  const isKnownBeginning = (name: string) => known.some((one) => one.startsWith(name));
  return codeOf(page).flatMap((piece) =>
    [...piece.text.matchAll(/(?<![\w$<.-])\$?\{?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_?)(\*|…)?(?![\w-])/g)]
      .filter(([, name, more]) => name.includes("_") && !(more ? isKnownBeginning(name) : isKnown(name)))
      .map(([, name]) => complain(page, piece, `${name} is neither a setting nor a known variable`)),
  );
};

interface Endpoint {
  method: string;
  segments: string[];
}

const segmentsOf = (address: string) => address.split("/").filter(Boolean);

/** The route table, which another test writes from what the routes declare. */
const ROUTES: Endpoint[] = readPage("docs/access.md")
  .spans.map(({ text }) => /^([A-Z]+) (\/\S*)$/.exec(text))
  .filter((match) => match !== null)
  .map(([, method, address]) => ({ method, segments: segmentsOf(address) }));
/** Served besides the declared routes: the reference, and the page; and what routes begin with. */
const PAGE_ADDRESSES = ["/api/v1", "/hooks", "/s", "/docs", "/openapi.json", "/admin/system", "/"];
const METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD";
const OURS = "/(?:api|health|metrics|hooks|s)(?![\\w-])";
const IN_SPAN = new RegExp(`^(?:(${METHODS}) )?((?:${OURS}|/docs|/openapi\\.json|/admin/)[^\\s]*)$`);
/** Of this machine, of the examples, or in a variable. */
const IN_COMMAND = new RegExp(
  `(?:\\$\\{?[A-Z]+\\}?|https?://(?:127\\.0\\.0\\.1|localhost|3d\\.example\\.com)(?::\\d+)?)(${OURS}[^\\s"']*)`,
  "g",
);

/** Whether a route answers it. A part of an address in capitals, with `$`, `…` or a colon stands for any. */
function isRoute(method: string | null, address: string): boolean {
  const bare = address.replace(/[?#].*$/, "").replace(/[.,]$/, "");
  if (PAGE_ADDRESSES.includes(bare)) return true;
  const isBeginning = bare.endsWith("/") || bare.endsWith("*");
  const asked = segmentsOf(bare.replace(/\*$/, ""));
  const isAny = (part: string) => part.startsWith(":") || /^(?:\$.*|…|[A-Z_]+|\{.*\})$/.test(part);
  return ROUTES.some((route) => {
    if (method && method !== "HEAD" && route.method !== method) return false;
    if (isBeginning ? route.segments.length < asked.length : route.segments.length !== asked.length)
      return false;
    return asked.every((part, index) => {
      const declared = route.segments[index];
      return declared === part || declared.startsWith(":") || (isAny(part) && declared.startsWith(":"));
    });
  });
}

function methodOf(command: string): string {
  const given = new RegExp(`(?:-X|--request) ?(${METHODS})`).exec(command)?.[1];
  return given ?? (/ (?:-d|-F|--data|--form)\b/.test(command) ? "POST" : "GET");
}

/** Every endpoint that is named or called is one of the product's. */
export const checkEndpoints: Check = (page) => [
  ...page.spans.flatMap((piece) => {
    const match = IN_SPAN.exec(piece.text);
    if (!match || isRoute(match[1] ?? null, match[2])) return [];
    return [complain(page, piece, `there is no ${piece.text}`)];
  }),
  ...commandLines(page)
    .filter(({ text }) => text.includes("curl"))
    .flatMap((piece) =>
      [...piece.text.matchAll(IN_COMMAND)]
        .filter(([, address]) => !isRoute(methodOf(piece.text), address))
        .map(([, address]) => complain(page, piece, `there is no ${methodOf(piece.text)} ${address}`)),
    ),
];

/** Every link inside of the repository leads to a file, and to a heading of it where it names one. */
export const checkLinks: Check = (page) =>
  page.links
    .filter(({ text }) => !/^(?:https?:|mailto:)/.test(text))
    .flatMap((piece) => {
      const [target, anchor] = piece.text.split("#");
      const name = target ? path.join(path.dirname(page.name), decodeURI(target)) : page.name;
      if (target && !fs.existsSync(path.join(ROOT, name)))
        return [complain(page, piece, `${piece.text}: no such file`)];
      if (!anchor || !name.endsWith(".md")) return [];
      const found = anchorsOf(target ? readPage(name) : page).has(decodeURIComponent(anchor));
      return found ? [] : [complain(page, piece, `${piece.text}: no such heading`)];
    });
