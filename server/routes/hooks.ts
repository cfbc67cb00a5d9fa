import { z } from "zod";
import { AppError } from "../errors.ts";
import { type Route, route } from "../http/route.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";
import { type CallbackResult, receiveCallback } from "../services/callbacks.ts";

interface HookRouteDeps {
  records: Records;
  queue: Queue;
  metrics: { observeCallback(result: CallbackResult): void };
}

export const hookRoutes = ({ records, queue, metrics }: HookRouteDeps): Route[] => [
  route({
    method: "post",
    path: "/hooks/genapi/:nonce",
    tag: "Operations",
    summary: "GenAPI's call that something changed; only a reason to look",
    access: "public",
    params: z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/) }),
    body: z.unknown(),
    answers: { 204: { description: "Noted" } },
    async handle({ params, body, response, requestId }) {
      const deps = { records, queue, observe: metrics.observeCallback };
      if (!(await receiveCallback(deps, params.nonce, body, requestId))) throw new AppError("not-found");
      response.status(204).end();
    },
  }),
];
