import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { Access, Relation } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "../policies/caller.ts";
import type { MemberActor } from "../services/audit.ts";
import type { AttemptKind } from "../services/limits/attempts.ts";
import type { Storage } from "../storage/storage.ts";
import { actorOf } from "./actor.ts";
import { beforeEnd } from "./before-end.ts";
import type { Admit } from "./caller.ts";
import type { RefuseInMaintenance } from "./maintenance.ts";
import type { Limit } from "./rate-limit.ts";
import { noteRoute } from "./request-metrics.ts";
import { type Upload, type UploadRules, withUpload } from "./upload.ts";
import type { WithRoom } from "./upload-room.ts";

export interface Answer {
  description: string;
  /** JSON of this schema; without it the answer has the media type's own form, or no body. */
  schema?: z.ZodType;
  mediaType?: string;
  /** Other media types that the same route can answer with. */
  alternatives?: string[];
}

interface Input<P, Q, B> {
  params: P;
  query: Q;
  /** The JSON body, or the text fields of a multipart one. */
  body: B;
  /** Only for multipart routes. */
  upload: Upload;
  /** Whoever was let in; public routes and those for operators must not ask. */
  caller: Caller;
  /** The caller and where it asks from, for the audit log. */
  by: MemberActor;
  request: Request;
  response: Response;
  requestId: string;
}

/** One route, declared: what it takes, what it answers, and the work. The OpenAPI document is made of the same. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Express path from the root, such as `/api/v1/models/:id`. */
  path: string;
  tag: string;
  summary: string;
  /** Who may call it. */
  access: Access;
  /** What they must be to the record that the path names; its service sees to it. */
  relation?: Relation;
  /** What counts as an attempt of its address, with a bound of its own. */
  attempts?: AttemptKind;
  params?: P;
  query?: Q;
  body?: B;
  /** The body is multipart with one file; `body` describes its text fields. */
  multipart?: UploadRules;
  answers: Record<number, Answer>;
  handle(input: Input<z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown> | unknown;
}

const Nothing = z.unknown();

/** Keeps the types of a declaration. */
export const route = <
  P extends z.ZodType = typeof Nothing,
  Q extends z.ZodType = typeof Nothing,
  B extends z.ZodType = typeof Nothing,
>(
  declared: Route<P, Q, B>,
): Route => declared as unknown as Route;

function check<T extends z.ZodType>(schema: T | undefined, value: unknown, where: string): z.output<T> {
  const result = (schema ?? Nothing).safeParse(value);
  if (result.success) return result.data as z.output<T>;
  throw new AppError("invalid-request", {
    errors: result.error.issues.map((issue) => ({
      path: [where, ...issue.path].filter(Boolean).join("."),
      message: issue.message,
    })),
  });
}

const handlerOf =
  ({ storage, withRoom }: RouteDeps, { params, query, body, multipart, handle }: Route): RequestHandler =>
  async (request, response) => {
    const { requestId, caller } = response.locals;
    const checked = { params: check(params, request.params, ""), query: check(query, request.query, "") };
    const by = { ...actorOf(request, response), caller };
    const common = { ...checked, caller, by, request, response, requestId };
    if (!multipart) {
      await handle({ ...common, body: check(body, request.body, ""), upload: undefined as never });
      return;
    }
    await withRoom(multipart, request, caller, () =>
      withUpload(storage, multipart, request, response, async (upload) =>
        handle({ ...common, body: check(body, upload.fields, ""), upload }),
      ),
    );
  };

const named =
  (path: string): RequestHandler =>
  (_request, response, next) => {
    noteRoute(response, path);
    next();
  };

/** What all routes share. */
export interface RouteDeps {
  storage: Storage;
  admit: Admit;
  limit: Limit;
  refuseInMaintenance: RefuseInMaintenance;
  withRoom: WithRoom;
  /** To be awaited before a caller has the answer to a change; null where nobody wants to know. */
  noteWrite: ((userId: string) => Promise<void>) | null;
}

const admitted =
  ({ admit, limit, refuseInMaintenance, noteWrite }: RouteDeps, declared: Route): RequestHandler =>
  async (request, response, next) => {
    await limit(declared, request, response, () => admit(declared.access, request, response));
    const { caller } = response.locals;
    refuseInMaintenance(declared, caller ?? null);
    if (noteWrite && caller && declared.method !== "get") beforeEnd(response, () => noteWrite(caller.userId));
    next();
  };

/** The declared routes as an Express router; a known path with another method answers 405. */
export function mountRoutes(deps: RouteDeps, routes: Route[]): Router {
  const router = Router({ caseSensitive: true });
  const json = express.json({ limit: "100kb", strict: false });
  for (const declared of routes) {
    const parse = declared.body && !declared.multipart ? [json] : [];
    router[declared.method](
      declared.path,
      named(declared.path),
      admitted(deps, declared),
      ...parse,
      handlerOf(deps, declared),
    );
  }
  for (const [path, methods] of methodsByPath(routes)) {
    router.all(path, named(path), (_request, response) => {
      response.set("Allow", methods.join(", "));
      throw new AppError("method-not-allowed");
    });
  }
  return router;
}

function methodsByPath(routes: Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const names = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...names]);
  }
  return methods;
}
