import type { AuditEntry } from "../contract/audit.ts";
import type { AuditEntry as AuditRecord } from "../models/audit-entry.ts";

const actorOf = ({ actorId, actorName, via, apiKeyId }: AuditRecord): AuditEntry["actor"] =>
  actorId ? { id: actorId, name: actorName, via: via ?? "local", apiKeyId } : null;

export const presentAudit = (entry: AuditRecord): AuditEntry => ({
  id: entry.id,
  action: entry.action,
  subjectId: entry.subjectId,
  details: entry.details,
  actor: actorOf(entry),
  address: entry.address,
  userAgent: entry.userAgent,
  requestId: entry.requestId,
  createdAt: entry.createdAt.toISOString(),
});

const COLUMNS: [name: string, of: (entry: AuditEntry) => string | null | undefined][] = [
  ["time", ({ createdAt }) => createdAt],
  ["action", ({ action }) => action],
  ["actor", ({ actor }) => actor?.name],
  ["actorId", ({ actor }) => actor?.id],
  ["via", ({ actor }) => actor?.via],
  ["apiKeyId", ({ actor }) => actor?.apiKeyId],
  ["subjectId", ({ subjectId }) => subjectId],
  ["address", ({ address }) => address],
  ["userAgent", ({ userAgent }) => userAgent],
  ["requestId", ({ requestId }) => requestId],
  ["details", ({ details }) => JSON.stringify(details)],
  ["id", ({ id }) => id],
];

/** RFC 4180; a cell that a spreadsheet would take for a formula begins with a quote. */
function cell(value: string | null | undefined): string {
  const text = (value ?? "").replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const row = (cells: (string | null | undefined)[]) => `${cells.map(cell).join(",")}\r\n`;

export const CSV_HEAD = row(COLUMNS.map(([name]) => name));

export const presentAuditCsv = (entry: AuditRecord): string => {
  const presented = presentAudit(entry);
  return row(COLUMNS.map(([, of]) => of(presented)));
};

export const presentAuditLine = (entry: AuditRecord): string => `${JSON.stringify(presentAudit(entry))}\n`;
