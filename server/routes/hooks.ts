import { z } from "zod";
import { AppError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";
import { receiveCallback } from "../services/callbacks.ts";

export const hookRoutes = (deps: { records: Records; queue: Queue }): Route[] => [
  route({
    method: "post",
    path: "/hooks/genapi/:nonce",
    tag: "Operations",
    summary: "GenAPI's call that something changed; only a reason to look",
    params: z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/) }),
    body: z.unknown(),
    answers: { 204: { description: "Noted" } },
    async handle({ params, body, response, requestId }) {
      if (!(await receiveCallback(deps, params.nonce, body, requestId))) throw new AppError("not-found");
      response.status(204).end();
    },
  }),
];
