import type { z } from "zod";
import type { AuditPage } from "../../../server/contract/audit.ts";
import type {
  CreatedInvitation,
  CreateInvitation,
  InvitationPage,
} from "../../../server/contract/invitation.ts";
import type { ResetLink, UpdateUser, User, UserPage } from "../../../server/contract/user.ts";
import { API, query, request } from "./client.ts";

const USERS = `${API}/users`;
const INVITATIONS = `${API}/invitations`;
const AUDIT = "/api/system/audit";
const AUDIT_PAGE = 50;

export type Member = User;

/** What the audit log is looked through for; times are ISO 8601, and an empty text means any. */
export interface AuditFilter {
  actor: string;
  action: string;
  q: string;
  from: string;
  to: string;
}

export const listUsers = (
  { q, cursor, limit = 50 }: { q?: string; cursor?: string | null; limit?: number },
  signal?: AbortSignal,
): Promise<z.infer<typeof UserPage>> =>
  request(`${USERS}${query({ q, limit, cursor })}`, signal ? { signal } : {});

export const updateUser = (id: string, body: z.input<typeof UpdateUser>): Promise<Member> =>
  request(`${USERS}/${id}`, { method: "PATCH", body });

export const deleteUser = (id: string): Promise<void> => request(`${USERS}/${id}`, { method: "DELETE" });

/** The link is in the answer and nowhere else. */
export const createResetLink = (id: string): Promise<ResetLink> =>
  request(`${USERS}/${id}/reset-link`, { method: "POST" });

export const listInvitations = (
  cursor: string | null,
  signal?: AbortSignal,
): Promise<z.infer<typeof InvitationPage>> =>
  request(`${INVITATIONS}${query({ limit: 50, cursor })}`, signal ? { signal } : {});

/** The link is in the answer and nowhere else. */
export const createInvitation = (body: z.input<typeof CreateInvitation>): Promise<CreatedInvitation> =>
  request(INVITATIONS, { method: "POST", body });

export const revokeInvitation = (id: string): Promise<void> =>
  request(`${INVITATIONS}/${id}`, { method: "DELETE" });

export const listAudit = (
  filter: AuditFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<z.infer<typeof AuditPage>> =>
  request(`${AUDIT}${query({ ...filter, limit: AUDIT_PAGE, cursor })}`, signal ? { signal } : {});

/** Address of everything that the filter finds, as a file. */
export const auditExportUrl = (filter: AuditFilter, format: "csv" | "ndjson"): string =>
  `${AUDIT}${query({ ...filter, format })}`;
