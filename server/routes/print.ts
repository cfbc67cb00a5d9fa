import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { Id } from "../contract/common.ts";
import { PrintCheck, PrintRepair } from "../contract/print.ts";
import { type Route, route } from "../http/route.ts";
import type { Caller } from "../policies/caller.ts";
import { type DerivedFileDeps, ensureFile } from "../services/derived-files.ts";
import { findModel } from "../services/models.ts";

const ById = z.object({ id: Id });

/** What the printer would say, before and after a repair; worked out once for each state of a model. */
export const printRoutes = (deps: DerivedFileDeps): Route[] => {
  const read = async (caller: Caller, id: string, kind: "print-check" | "print-repair"): Promise<unknown> => {
    const file = await ensureFile(deps, await findModel(deps.records, caller, id), kind);
    return JSON.parse((await buffer(await deps.storage.read(file.key))).toString());
  };
  return [
    route({
      method: "get",
      path: "/api/v1/models/:id/print-check",
      tag: "Models",
      summary: "Whether a model prints as it is, with reasons, loose parts and walls",
      access: "read",
      relation: "see",
      params: ById,
      answers: { 200: { description: "The check", schema: PrintCheck } },
      async handle({ params, caller, response }) {
        response.json(PrintCheck.parse(await read(caller, params.id, "print-check")));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/models/:id/print-repair",
      tag: "Models",
      summary: "What the repair for print does; `print.stl` and `print.3mf` are the repaired model",
      access: "read",
      relation: "see",
      params: ById,
      answers: {
        200: { description: "The steps, and the check of the repaired model", schema: PrintRepair },
      },
      async handle({ params, caller, response }) {
        response.json(PrintRepair.parse(await read(caller, params.id, "print-repair")));
      },
    }),
  ];
};
