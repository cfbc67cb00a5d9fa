import { ROLES, type Role } from "../../../../server/contract/access.ts";
import type { AuditEntry } from "../../../../server/contract/audit.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../../../server/contract/audit-actions.ts";
import type { ProcessName } from "../../../../server/contract/system.ts";
import { processNamesEn } from "../../locales/process-names-en.ts";
import type { AccountTranslate } from "../account/use-account-i18n.ts";
import type { AdminTranslate } from "./use-admin-i18n.ts";

/** What deeds are said with: both dictionaries, and what members are called by their id. */
export interface DeedLanguage {
  d: AdminTranslate;
  a: AccountTranslate;
  names: ReadonlyMap<string, string>;
}

const PROVIDER_NAMES: Readonly<Record<string, string>> = { genapi: "GenAPI" };

const isKnown = (action: string): action is AuditAction =>
  (AUDIT_ACTIONS as readonly string[]).includes(action);

const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value);

const isProcess = (value: unknown): value is ProcessName =>
  typeof value === "string" && Object.hasOwn(processNamesEn, value);

const text = (value: unknown): string | null => (typeof value === "string" && value ? value : null);

/** What was changed about a person, as far as the entry says. */
function changeWords({ details, subjectId, actor }: AuditEntry, whom: string, { d, a }: DeedLanguage) {
  const { role, roleBefore, disabled } = details;
  if (isRole(role) && isRole(roleBefore)) {
    return d("changes.role", { whom, from: a(`roles.${roleBefore}`), to: a(`roles.${role}`) });
  }
  if (typeof disabled === "boolean") return d(disabled ? "changes.off" : "changes.on", { whom });
  if ("name" in details) return d("changes.name", { whom });
  return subjectId === actor?.id ? d("changes.own") : d("deeds.user.changed", { whom });
}

const visibility = (value: unknown, d: AdminTranslate) =>
  d(value === "team" ? "visibility.team" : "visibility.private");

/** A deed in words; one that this page does not know yet is named as the log has it. */
export function deedWords(entry: AuditEntry, language: DeedLanguage): string {
  const { action, details, subjectId } = entry;
  const { d, a, names } = language;
  if (!isKnown(action)) return action;
  const whom = (subjectId && names.get(subjectId)) || text(details.email) || d("audit.gone");
  if (action === "user.changed") return changeWords(entry, whom, language);
  const provider = text(details.provider) ?? "";
  return d(`deeds.${action}`, {
    whom,
    name: text(details.name) ?? "",
    email: text(details.email) ?? d("invitations.anyone"),
    role: isRole(details.role) ? a(`roles.${details.role}`) : "",
    provider: PROVIDER_NAMES[provider] ?? provider,
    end: text(details.lastFour) ?? "",
    host: text(details.host) ?? "",
    file: text(details.filename) ?? "",
    level: text(details.level) ?? "LOG_LEVEL",
    pattern: text(details.pattern) ?? "",
    process: isProcess(details.process) ? d(`processes.${details.process}`) : (text(details.process) ?? ""),
    files: typeof details.files === "number" ? details.files : 0,
    from: visibility(details.from, d),
    to: visibility(details.to, d),
  });
}
