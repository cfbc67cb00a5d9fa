import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { create as contentDisposition } from "content-disposition";
import type { Request, Response } from "express";
import { AuditPage, AuditQuery } from "../contract/audit.ts";
import { type Route, route } from "../http/route.ts";
import type { AuditEntry } from "../models/audit-entry.ts";
import { listAudit, readAudit } from "../services/audit-log.ts";
import type { Reads } from "../services/reads/reads.ts";
import { CSV_HEAD, presentAudit, presentAuditCsv, presentAuditLine } from "./present-audit.ts";

const FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8; header=present", head: CSV_HEAD, present: presentAuditCsv },
  ndjson: { mediaType: "application/x-ndjson", head: "", present: presentAuditLine },
};

async function* textOf(
  head: string,
  present: (entry: AuditEntry) => string,
  batches: AsyncGenerator<AuditEntry[]>,
) {
  yield head;
  for await (const entries of batches) yield entries.map(present).join("");
}

/** As fast as the receiver takes it; one that goes away ends the reading. */
async function sendAll(
  read: Parameters<typeof readAudit>[0],
  query: Parameters<typeof readAudit>[1],
  to: Response,
) {
  const format = query.format === "json" ? "ndjson" : query.format;
  const { mediaType, head, present } = FORMATS[format];
  const fileName = `audit-${new Date().toISOString().slice(0, 10)}.${format}`;
  to.set({
    "Content-Type": mediaType,
    "Content-Disposition": contentDisposition(fileName),
    "Cache-Control": "no-store",
  });
  if ((to.req as Request).method === "HEAD") return void to.end();
  const text = Readable.from(textOf(head, present, readAudit(read, query)), {
    objectMode: true,
    highWaterMark: 1,
  });
  await pipeline(text, to).catch((error) => {
    if (!to.destroyed || error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

export function auditRoutes({ reads }: { reads: Pick<Reads, "read"> }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/system/audit",
      tag: "Operations",
      summary: "Who did what, when and from where, the newest first; `format` exports it",
      access: "admin",
      query: AuditQuery,
      answers: {
        200: {
          description: "A page, or everything that the filters find",
          schema: AuditPage,
          alternatives: ["text/csv", "application/x-ndjson"],
        },
      },
      async handle({ query, caller, response }) {
        const read: Parameters<typeof readAudit>[0] = (work) => reads.read(caller.userId, work);
        if (query.format !== "json") return sendAll(read, query, response);
        const page = await read((records) => listAudit(records, query));
        response.set("Cache-Control", "no-store").json({ ...page, items: page.items.map(presentAudit) });
      },
    }),
  ];
}
