import { z } from "zod";
import { Id, PageQuery, pageOf, Time } from "./common.ts";

export const AuditEntry = z
  .object({
    id: Id,
    action: z.string().describe("Subject and verb, such as model.deleted"),
    subjectId: Id.nullable().describe("What it was done to"),
    details: z.record(z.string(), z.unknown()),
    actor: z
      .object({
        id: Id,
        name: z.string().nullable().describe("The e-mail address at that time; a pseudonym once deleted"),
        via: z.string().describe("local, cookie, bearer or api-key"),
        apiKeyId: Id.nullable(),
      })
      .nullable()
      .describe("null: the server itself, or nobody known"),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable(),
    createdAt: Time,
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = pageOf(AuditEntry).meta({ id: "AuditPage" });

const Line = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Control characters are not possible here.")
  .min(1)
  .max(254);

/** Years that databases and calendars agree on. */
const Moment = Time.refine((text) => text >= "1970", "No time before 1970 is possible here.");

export const AuditQuery = PageQuery.extend({
  action: z
    .string()
    .regex(/^[a-z.-]{1,100}$/)
    .optional()
    .describe("Beginning of the action, such as auth."),
  actor: Line.optional().describe("Id of a user, or part of the e-mail address"),
  subject: Id.optional(),
  from: Moment.optional().describe("At this time or later"),
  to: Moment.optional().describe("Before this time"),
  q: Line.optional().describe("Text anywhere in action, name, address, device, request id or details"),
  format: z
    .enum(["json", "csv", "ndjson"])
    .default("json")
    .describe("csv and ndjson are all entries that the filters find, without pages"),
}).strict();
